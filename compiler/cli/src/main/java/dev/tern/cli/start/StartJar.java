package dev.tern.cli.start;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the classes of some jars into one, stored, as a JVM starts them fastest: a cache of loaded classes (JEP 483)
 * takes neither class files of Java 5, which picocli and ASM have, nor the classes that switches over types make when
 * they first run, a hundred in one run of the compiler. On a class path it stands before the jars, which keep their
 * resources.
 */
public final class StartJar {
    private StartJar() {
    }

    /**
     * {@code StartJar OUTPUT JAR...}
     *
     * @throws IOException if a jar cannot be read, or the output not written
     */
    public static void main(String[] arguments) throws IOException {
        List<Path> jars = Stream.of(arguments).skip(1).map(Path::of).toList();
        write(Path.of(arguments[0]), jars);
    }

    /** Of classes that are in several jars the first counts, as on a class path. */
    static void write(Path output, List<Path> jars) throws IOException {
        Set<String> written = new HashSet<>();
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(output))) {
            out.setLevel(0);
            for (Path jar : jars) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    for (JarEntry entry : file.stream().toList()) {
                        if (isPlainClass(entry.getName()) && written.add(entry.getName())) {
                            out.putNextEntry(new ZipEntry(entry.getName()));
                            out.write(StartClass.of(bytes(file, entry)));
                            out.closeEntry();
                        }
                    }
                }
            }
        }
    }

    private static boolean isPlainClass(String name) {
        return name.endsWith(".class") && !name.startsWith("META-INF/") && !name.equals("module-info.class");
    }

    private static byte[] bytes(JarFile file, JarEntry entry) throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
