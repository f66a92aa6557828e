package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.files.OutsideFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the text of a Tern file, which is UTF-8. */
public final class SourceReader {
    /** A char takes at most three bytes. */
    private static final int MAX_BYTES = 3 * SyntaxReader.MAX_TEXT;

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
        try {
            OutsideFile source = OutsideFile.of(file);
            if (source.size() > MAX_BYTES) {
                diagnostics.add(SyntaxReader.tooLarge(name, source.size()));
                return Optional.empty();
            }
            return decode(name, source.bytes(MAX_BYTES), diagnostics);
        } catch (IOException e) {
            diagnostics.add(unreadable(name, -1, "the file " + e.getMessage()));
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
