package dev.tern.cli.foreign;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** Where the public data lie. */
final class PublicData {
    private PublicData() {
    }

    /** A file or folder of the data; the test is skipped where it is absent. */
    static Path path(String name) {
        Path root = Path.of(System.getProperty("tern.root", ".")).toAbsolutePath();
        Path data = Stream.of(System.getProperty("tern.data"), System.getenv("TERN_DATA"),
                root.resolveSibling("shared").resolve("data").toString()).filter(Objects::nonNull)
                .filter(folder -> !folder.isBlank()).map(Path::of).findFirst().orElseThrow().resolve(name);
        assumeTrue(Files.exists(data), data + " is absent; say where the data is with -Dtern.data=DIR");
        return data;
    }
}
