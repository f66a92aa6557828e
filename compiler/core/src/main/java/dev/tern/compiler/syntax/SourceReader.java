package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the text of a Tern file, which is UTF-8. */
public final class SourceReader {
    private SourceReader() {
    }

    /**
     * The text of a file, named as {@code file} says.
     *
     * @param diagnostics receives T0001 with the offset of the first byte that is not UTF-8, or T0007
     * @return empty if the file cannot be read
     */
    public static Optional<SourceFile> read(Path file, Diagnostics diagnostics) {
        String name = file.toString();
        try (InputStream in = Files.newInputStream(file)) {
            // A char takes at most three bytes; longer files are not read to their end, which may be far.
            byte[] bytes = in.readNBytes(3 * SyntaxReader.MAX_TEXT + 1);
            if (bytes.length > 3 * SyntaxReader.MAX_TEXT) {
                diagnostics.add(SyntaxReader.tooLarge(name, Math.max(Files.size(file), bytes.length)));
                return Optional.empty();
            }
            return decode(name, bytes, diagnostics);
        } catch (NoSuchFileException e) {
            diagnostics.add(unreadable(name, -1, "there is no such file"));
        } catch (AccessDeniedException e) {
            diagnostics.add(unreadable(name, -1, "access to the file is denied"));
        } catch (IOException e) {
            diagnostics.add(unreadable(name, -1, "the file cannot be read: " + e.getMessage()));
        }
        return Optional.empty();
    }

    /** The text of UTF-8 bytes, as {@link #read} gives it. */
    public static Optional<SourceFile> decode(String name, byte[] bytes, Diagnostics diagnostics) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            Diagnostic unreadable = unreadable(name, in.position(), "this is not UTF-8 text");
            diagnostics.add(isUtf16(bytes) ? unreadable.help("it looks like UTF-16; save it as UTF-8") : unreadable);
            return Optional.empty();
        }
        return Optional.of(new SourceFile(name, out.flip().toString()));
    }

    /** Whether the bytes begin with the byte-order mark of UTF-16, which is no UTF-8 either way round. */
    private static boolean isUtf16(byte[] bytes) {
        return bytes.length > 1 && (bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff
                || bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe);
    }

    private static Diagnostic unreadable(String name, long offset, String message) {
        return Diagnostic.error(DiagnosticCode.UNREADABLE_FILE, message, new FilePosition(name, offset, ""), "");
    }
}
