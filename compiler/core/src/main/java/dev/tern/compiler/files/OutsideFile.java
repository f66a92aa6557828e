package dev.tern.compiler.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file that somebody else may have put there: regular, for a pipe blocks who opens it and a device may never end, and
 * of a known length, for what it claims to hold is checked against that. Links are followed, but out of a folder only
 * where its user named the file himself.
 *
 * @param size in bytes, when it was looked at
 */
public record OutsideFile(Path path, long size) {
    /**
     * A file that the user named.
     *
     * @throws RefusedFileException if it does not exist or is not regular
     */
    public static OutsideFile of(Path path) throws RefusedFileException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw RefusedFileException.of("is a folder, not a file");
            }
            if (!attributes.isRegularFile()) {
                throw RefusedFileException.of("is not a regular file");
            }
            return new OutsideFile(path, attributes.size());
        } catch (IOException e) {
            throw RefusedFileException.of(e);
        }
    }

    /**
     * A file that something in a folder named, or that is looked for there.
     *
     * @throws RefusedFileException if it does not exist, is not regular, or lies outside of the folder
     */
    public static OutsideFile inside(Path folder, Path path) throws RefusedFileException {
        OutsideFile file = of(path);
        try {
            if (!path.toRealPath().startsWith(folder.toAbsolutePath().toRealPath())) {
                throw RefusedFileException.of("is a link that leads out of the folder");
            }
            return file;
        } catch (IOException e) {
            throw RefusedFileException.of(e);
        }
    }

    /** The folder that a file lies in. */
    public static Path folderOf(Path file) {
        return file.getParent() == null ? Path.of("") : file.getParent();
    }

    /** For a reader that stops by itself, however long the file has become. */
    public InputStream stream() throws RefusedFileException {
        try {
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw RefusedFileException.of(e);
        }
    }

    /** For a reader that stops by itself, however long the file has become. */
    public FileChannel channel() throws RefusedFileException {
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw RefusedFileException.of(e);
        }
    }

    /**
     * All its bytes.
     *
     * @param most so many it may have
     * @throws RefusedFileException if it has more
     */
    public byte[] bytes(int most) throws IOException {
        requireAtMost(most);
        try (InputStream in = stream()) {
            byte[] bytes = in.readNBytes(most + 1);
            new OutsideFile(path, bytes.length).requireAtMost(most);
            return bytes;
        }
    }

    /**
     * All of it as UTF-8 text, in little more room than its bytes take.
     *
     * @param most so many bytes it may have
     * @throws RefusedFileException if it has more
     * @throws MalformedInputException if it is not UTF-8
     */
    public String text(int most) throws IOException {
        byte[] bytes = bytes(most);
        StringBuilder text = new StringBuilder(bytes.length);
        try (Reader reader = new InputStreamReader(new ByteArrayInputStream(bytes),
                StandardCharsets.UTF_8.newDecoder())) {
            char[] some = new char[1 << 13];
            for (int count = reader.read(some); count >= 0; count = reader.read(some)) {
                text.append(some, 0, count);
            }
        }
        return text.toString();
    }

    /** @throws RefusedFileException if it has more bytes */
    public void requireAtMost(long most) throws RefusedFileException {
        if (size > most) {
            throw RefusedFileException.of(String.format("is too large: %,d bytes, the limit is %,d", size, most));
        }
    }
}
