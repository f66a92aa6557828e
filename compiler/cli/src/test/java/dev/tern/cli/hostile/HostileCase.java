package dev.tern.cli.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One command that must be refused.
 *
 * @param name what is wrong, in a few words
 * @param folder where its files lie; nothing may be written there
 * @param arguments of the command
 * @param expected what standard error must hold
 */
public record HostileCase(String name, Path folder, List<String> arguments, List<String> expected) {
    /** Makes the files of one case and names its command. */
    public static final class Builder {
        private final String name;
        private final Path folder;

        Builder(Path root, String name) {
            this.name = name;
            this.folder = root.resolve(name.replaceAll("[^a-zA-Z0-9]+", "-"));
            attempt(() -> Files.createDirectory(folder));
        }

        /** The path of a file of this case. */
        Path path(String file) {
            return folder.resolve(file);
        }

        Builder with(String file, byte[] content) {
            attempt(() -> Files.write(folder.resolve(file), content));
            return this;
        }

        Builder with(String file, String content) {
            attempt(() -> Files.writeString(folder.resolve(file), content));
            return this;
        }

        Builder withLink(String file, Path target) {
            attempt(() -> Files.createSymbolicLink(folder.resolve(file), target));
            return this;
        }

        Builder withFolder(String file) {
            attempt(() -> Files.createDirectories(folder.resolve(file)));
            return this;
        }

        /** A command; {@code @file} stands for a file of this case, {@code x=@file} too. */
        HostileCase refuse(List<String> command, String... expected) {
            List<String> arguments = command.stream()
                    .map(argument -> argument.replaceFirst("(^|=)@(.*)", "$1" + folder + "/$2")).toList();
            return new HostileCase(name, folder, arguments, List.of(expected));
        }

        private interface Attempt {
            void run() throws IOException;
        }

        private static void attempt(Attempt attempt) {
            try {
                attempt.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
