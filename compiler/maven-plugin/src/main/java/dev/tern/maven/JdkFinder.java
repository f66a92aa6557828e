package dev.tern.maven;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;

/** Finds a JDK that can run the compiler: the one that is named, a toolchain, Maven's own, or one in a usual place. */
final class JdkFinder {
    private static final int COMPILER = 25;
    private static final List<String> PLACES = List.of("/usr/lib/jvm", "/usr/java", "/usr/jdk", "/opt/java", "/opt",
            "/usr/local", "~/.sdkman/candidates/java", "~/.jdks", "~/.m2/jdks", "~/.gradle/jdks",
            "~/.asdf/installs/java", "~/.local/share/mise/installs/java", "~/.jbang/cache/jdks",
            "/Library/Java/JavaVirtualMachines", "/opt/homebrew/opt/openjdk/libexec", "C:/Program Files/Java",
            "C:/Program Files/Eclipse Adoptium");

    private final MavenSession session;
    private final ToolchainManager toolchains;

    JdkFinder(MavenSession session, ToolchainManager toolchains) {
        this.session = session;
        this.toolchains = toolchains;
    }

    /**
     * The program {@code java} of such a JDK.
     *
     * @param named the folder that the project names, or null
     * @throws MojoExecutionException if there is none
     */
    Path find(File named) throws MojoExecutionException {
        if (named != null) {
            return java(named.toPath()).orElseThrow(() -> new MojoExecutionException(
                    named + " (the plugin's <jdk>, or -Dtern.jdk) is not the folder of a JDK " + COMPILER
                            + " or later"));
        }
        for (Toolchain toolchain : toolchains.getToolchains(session, "jdk",
                Map.of("version", "[" + COMPILER + ",)"))) {
            String java = toolchain.findTool("java");
            if (java != null) {
                return Path.of(java);
            }
        }
        return Stream.concat(named(), places()).map(JdkFinder::java).flatMap(Optional::stream).findFirst()
                .orElseThrow(() -> new MojoExecutionException("No JDK " + COMPILER + " found to run the model compiler"
                        + " (Maven itself runs on " + System.getProperty("java.version") + "). Install one, and name"
                        + " its folder by -Dtern.jdk=FOLDER, the environment variable JAVA25_HOME or a Maven toolchain,"
                        + " if it is in none of " + String.join(", ", PLACES)));
    }

    private static Stream<Path> named() {
        return Stream.of(System.getProperty("java.home"), System.getenv("JAVA25_HOME"), System.getenv("JAVA_HOME"))
                .filter(Objects::nonNull).map(Path::of);
    }

    private static Stream<Path> places() {
        return PLACES.stream().flatMap(place -> children(
                Path.of(place.replaceFirst("^~", System.getProperty("user.home").replace('\\', '/')))).stream());
    }

    private static List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(children::add);
            } catch (IOException e) {
                return List.of();
            }
        }
        children.sort(null);
        return children;
    }

    /** Its java, if the folder is a JDK of such a version by its release file. */
    private static Optional<Path> java(Path home) {
        for (Path folder : List.of(home, home.resolve("Contents/Home"))) {
            Path java = folder.resolve(File.separatorChar == '\\' ? "bin/java.exe" : "bin/java");
            if (Files.isExecutable(java) && version(folder) >= COMPILER) {
                return Optional.of(java);
            }
        }
        return Optional.empty();
    }

    private static int version(Path home) {
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
            release.load(reader);
            return Runtime.Version.parse(release.getProperty("JAVA_VERSION", "").replace("\"", "")).feature();
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        }
    }
}
