package dev.tern.benchmarks.portable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A JDK 17 on this machine. */
final class Jdk17 {
    private static final List<Path> FOLDERS = List.of(Path.of("/usr/lib/jvm"), Path.of("/usr/java"),
            Path.of("/opt/java"), Path.of(System.getProperty("user.home"), ".sdkman/candidates/java"),
            Path.of(System.getProperty("user.home"), ".jdks"));

    private Jdk17() {
    }

    /** Its folder: that of JAVA17_HOME, or one in the usual places. */
    static Optional<Path> find() {
        String home = System.getenv("JAVA17_HOME");
        Stream<Path> named = home == null ? Stream.empty() : Stream.of(Path.of(home));
        return Stream.concat(named, FOLDERS.stream().flatMap(Jdk17::entries)).filter(Jdk17::isOne).findFirst();
    }

    private static Stream<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static boolean isOne(Path jdk) {
        try {
            return Files.isExecutable(jdk.resolve("bin/java"))
                    && Files.readString(jdk.resolve("release")).contains("JAVA_VERSION=\"17.");
        } catch (IOException e) {
            return false;
        }
    }
}
