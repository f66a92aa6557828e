package dev.tern.compiler.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares a text with a file checked in beside the tests. With {@code -Dgolden.update} the file is
 * written instead, to be read in the diff before it is committed.
 */
public final class Golden {
    private static final boolean UPDATE = System.getProperty("golden.update") != null;
    private static final Path RESOURCES = Path.of("src", "test", "resources");

    private Golden() {
    }

    /**
     * Checks a text against a file of the module under test.
     *
     * @param path below {@code src/test/resources} of the module whose tests run: {@code graph/digits.txt}
     * @param actual what the code under test printed
     */
    public static void check(String path, String actual) {
        check(RESOURCES.resolve(path), actual);
    }

    /**
     * Checks a text against any file.
     *
     * @param file relative to the module's folder, or absolute
     */
    public static void check(Path file, String actual) {
        try {
            if (UPDATE) {
                if (file.getParent() != null) {
                    Files.createDirectories(file.getParent());
                }
                if (!Files.exists(file) || !Files.readString(file).equals(actual)) {
                    Files.writeString(file, actual);
                }
                return;
            }
            if (!Files.exists(file)) {
                fail("%s is missing; run the test with -Dgolden.update to write it. It would hold:%n%s", file, actual);
            }
            assertThat(actual).as("golden file %s (rewrite it with -Dgolden.update)", file)
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
