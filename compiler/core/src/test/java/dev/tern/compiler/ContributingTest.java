package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents for contributors name is there: files, classes, modules, properties and profiles. */
class ContributingTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root")).toAbsolutePath();
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^):#]+)\\)");
    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z]+[A-Z]\\w*");
    private static final Pattern FILE = Pattern.compile("[a-z./-]+/[\\w./-]+");
    private static final Pattern OPTION = Pattern.compile("-([DP])([a-z][\\w.]*)");
    private static final TreeSet<String> CLASSES = new TreeSet<>();
    private static final TreeSet<String> PATHS = new TreeSet<>();

    @BeforeAll
    static void listSources() throws IOException {
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                PATHS.add("/" + ROOT.relativize(folder));
                return name.equals("target") || name.equals(".git")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                PATHS.add("/" + ROOT.relativize(file));
                String name = file.getFileName().toString();
                if (name.endsWith(".java")) {
                    CLASSES.add(name.substring(0, name.length() - 5));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONTRIBUTING.md", "compiler/README.md"})
    void whatIsNamedIsThere(String document) throws IOException {
        Path file = ROOT.resolve(document);
        String text = Files.readString(file);
        List<String> missing = new ArrayList<>();
        LINK.matcher(text).results().map(found -> found.group(1))
                .filter(link -> !Files.exists(file.resolveSibling(link))).forEach(missing::add);
        CODE.matcher(text).results().map(found -> found.group(1)).forEach(code -> {
            String first = code.replaceAll("\\(.*| .*", "");
            if (CLASS.matcher(first).matches() && !CLASSES.contains(first)) {
                missing.add(first);
            } else if (FILE.matcher(first).matches() && !first.contains("YOUR_") && !first.contains("target/")
                    && !first.startsWith("./") && PATHS.stream().noneMatch(path -> path.endsWith("/" + first))) {
                missing.add(first);
            }
        });
        assertThat(missing).isEmpty();
    }

    @Test
    void theOptionsOfCommandsAreKnown() throws IOException {
        String poms = Files.readString(ROOT.resolve("pom.xml")) + Files.readString(ROOT.resolve(
                "compiler/core/pom.xml")) + Files.readString(ROOT.resolve("models/examples/spark/pom.xml"));
        List<String> unknown = new ArrayList<>();
        OPTION.matcher(Files.readString(ROOT.resolve("CONTRIBUTING.md"))).results().forEach(found -> {
            String name = found.group(2);
            boolean known = switch (found.group(1)) {
                case "P" -> poms.contains("<id>" + name + "</id>");
                default -> name.equals("test") || name.equals("skipTests") || name.startsWith("surefire.")
                        || name.equals("golden.update") || poms.contains("${" + name + "}");
            };
            if (!known) {
                unknown.add(found.group());
            }
        });
        assertThat(unknown).isEmpty();
    }
}
