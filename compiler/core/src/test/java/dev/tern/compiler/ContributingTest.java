package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
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
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final List<String> POMS = List.of("pom.xml", "compiler/core/pom.xml",
            "models/examples/spark/pom.xml");
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

    /** What any document has contributors type: its modules, classes, executions, profiles, properties and scripts. */
    @Test
    void whatCommandsNameIsKnown() throws IOException {
        String poms = "";
        for (String pom : POMS) {
            poms += Files.readString(ROOT.resolve(pom));
        }
        List<String> unknown = new ArrayList<>();
        int commands = 0;
        for (String document : PATHS.stream().filter(path -> path.endsWith(".md")).toList()) {
            String text = Files.readString(ROOT.resolve(document.substring(1))).replaceAll("\\\\\n *", "");
            for (MatchResult block : SHELL.matcher(text).results().toList()) {
                for (String command : block.group(1).lines().map(line -> line.replaceFirst(" +# .*", "")).toList()) {
                    commands++;
                    for (String word : command.split(" ")) {
                        if (!known(command, word, poms)) {
                            unknown.add(document + ": " + word + " in `" + command + "`");
                        }
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(commands).isGreaterThan(40);
    }

    private static boolean known(String command, String word, String poms) {
        if (word.startsWith(".ci/")) {
            return Files.isExecutable(ROOT.resolve(word));
        }
        if (!command.startsWith("mvn ")) {
            return !command.startsWith("java ") || !word.startsWith("dev.tern.")
                    || CLASSES.contains(word.substring(word.lastIndexOf('.') + 1));
        }
        Matcher option = OPTION.matcher(word);
        if (command.contains(" -pl " + word) || command.contains(" -f " + word)) {
            return Arrays.stream(word.split(",")).allMatch(module -> PATHS.contains("/" + module + "/pom.xml"));
        } else if (word.contains("@")) {
            return poms.contains("<id>" + word.substring(word.indexOf('@') + 1) + "</id>");
        } else if (word.startsWith("-Dtest=")) {
            return CLASSES.contains(word.substring("-Dtest=".length()));
        } else if (option.lookingAt()) {
            String name = option.group(2);
            return option.group(1).equals("P")
                    ? poms.contains("<id>" + name + "</id>")
                    : name.equals("skipTests") || name.startsWith("surefire.") || name.equals("golden.update")
                            || poms.contains("${" + name + "}");
        }
        return List.of("mvn", "verify", "test", "test-compile", "package", "formatter:format", "-q", "-am", "-pl", "-f")
                .contains(word);
    }
}
