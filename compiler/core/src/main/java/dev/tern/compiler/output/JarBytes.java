package dev.tern.compiler.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Jar files that are the same bytes for the same content, whenever and wherever they are made. */
public final class JarBytes {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final int LINE_BYTES = 70;

    private JarBytes() {
    }

    /**
     * A jar of the files, named with slashes, in the map's order.
     *
     * @param moduleName what it is on a module path, whatever the file's name; empty where it cannot go on one, which
     *            takes no class without a package
     */
    public static byte[] of(String moduleName, Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, "META-INF/MANIFEST.MF", manifest(moduleName));
            for (var file : files.entrySet()) {
                add(zip, file.getKey(), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] manifest(String moduleName) {
        StringBuilder text = new StringBuilder("Manifest-Version: 1.0\r\n");
        if (!moduleName.isEmpty()) {
            // The JAR file specification has lines of at most 72 bytes with their break; the next begins with a space.
            String name = "Automatic-Module-Name: " + moduleName;
            int bytes = 0;
            for (int c : name.codePoints().toArray()) {
                String letter = Character.toString(c);
                int more = letter.getBytes(StandardCharsets.UTF_8).length;
                if (bytes + more > LINE_BYTES) {
                    text.append("\r\n ");
                    bytes = 1;
                }
                text.append(letter);
                bytes += more;
            }
            text.append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
