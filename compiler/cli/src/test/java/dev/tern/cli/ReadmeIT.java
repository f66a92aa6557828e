package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.cli.output.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The commands and code of all documents, as they are written, in a folder that has the launcher by a link and a copy
 * of the models, so that what they write does not land in the checkout; only training is cut short. A block of a kind
 * that no test knows fails. {@code mvn verify} is what runs this test, and is not run again; a stand-in for
 * Maven fails the test should the launcher want to build.
 */
class ReadmeIT {
    private static final Path ROOT = Path.of(System.getProperty("tern.root")).toAbsolutePath();
    /** Where blocks of other kinds than shell, Tern and diagrams, which any document may have, are tested. */
    private static final Map<String, List<String>> KINDS = Map.of( //
            "java", List.of("README.md"), // here
            "python", List.of("README.md"), // here
            "bat", List.of("README.md"), // here
            "xml", List.of("README.md"), // here
            "text", List.of("compiler/explain.md", "grammar/README.md"), // here, and LanguageReferenceTest
            "lua", List.of("grammar/editors/README.md"), // here
            "kotlin", List.of("README.md")); // GradleRecipeTest
    private static final Pattern RUN_HERE = Pattern.compile("(\\./tern |mkdir -p target/|cp models/|awk ).*");
    /** Of the models' page: what tells how they were made takes hours, and is only looked at. */
    private static final Pattern OF_MODELS = Pattern.compile("\\./tern (eval models/|sample models/|init ).*|awk .*");
    /** What is looked at where contributors' documents are: modules, classes, options, scripts. */
    private static final Pattern OF_CONTRIBUTORS = Pattern.compile("(mvn|apt|export|java -cp|\\.ci/\\S+)( .*)?");
    private static final Pattern DATA = Pattern.compile("(?<=[ '])\\.\\./shared/[^ ']+");
    /** What commands write and read of each other, as far as the first folder or file in {@code target}. */
    private static final Pattern TARGET = Pattern.compile("(?<=[ '])target/[^ /']+");

    /** What commands would have written that were skipped for want of data. */
    private static final Set<String> UNMADE = new HashSet<>();

    @TempDir
    private static Path folder;
    private static Path checkout;
    private static String readme;

    @BeforeAll
    static void prepare() throws IOException {
        readme = Files.readString(ROOT.resolve("README.md"));
        checkout = Files.createDirectories(folder.resolve("checkout"));
        Files.createSymbolicLink(checkout.resolve("tern"), ROOT.resolve("tern"));
        // A copy, for a tuning is written beside its model.
        try (Stream<Path> models = Files.walk(ROOT.resolve("models"))) {
            for (Path path : models.toList()) {
                Files.copy(path, checkout.resolve(ROOT.relativize(path)));
            }
        }
        String told = System.getProperty("tern.data", "");
        Path data = told.isEmpty() ? ROOT.resolveSibling("shared").resolve("data") : Path.of(told).toAbsolutePath();
        if (Files.isDirectory(data)) {
            Files.createSymbolicLink(Files.createDirectories(folder.resolve("shared")).resolve("data"), data);
        }
        Path maven = Files.createDirectories(folder.resolve("tools")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\necho 'a build inside of a build'\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    /** The links go before the folder is deleted: JUnit warns of links that lead out of it. */
    @AfterAll
    static void unlink() throws IOException {
        for (Path link : List.of(checkout.resolve("tern"), folder.resolve("shared/data"))) {
            Files.deleteIfExists(link);
        }
    }

    private static List<String> commands() throws IOException {
        return DocumentBlock.commands(ROOT, "README.md");
    }

    /** Training in full takes minutes, and quantizing by many examples longer than by few. */
    private static String cutShort(String command) {
        return command.replaceFirst("--epochs \\d+", "--epochs 1").replace("--examples 0..249", "--examples 0..9")
                .replaceFirst("--folds \\d+ --seeds \\d+",
                        "--folds 2");
    }

    private static ChildProcess run(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).directory(checkout.toFile());
        builder.environment().merge("PATH", "", (path, _) -> folder.resolve("tools") + ":" + path);
        return ChildProcess.run(builder);
    }

    @Test
    void theTestCommandIsTheOneOfCi() throws IOException {
        assertThat(commands()).contains("mvn verify");
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).containsPattern(
                "exec mvn( -[A-Za-z]+)* verify \"\\$@\"\n");
    }

    @TestFactory
    Stream<DynamicTest> everyCommandRuns() throws IOException {
        List<String> commands = new ArrayList<>();
        for (String document : DocumentBlock.documents(ROOT)) {
            for (String command : DocumentBlock.commands(ROOT, document)) {
                if (!isTestedElsewhere(document, command)) {
                    assertThat(command).as(document).matches(RUN_HERE);
                    commands.add(command);
                }
            }
        }
        assertThat(commands).hasSizeGreaterThan(50);
        return commands.stream().distinct().map(ReadmeIT::runs);
    }

    private static boolean isTestedElsewhere(String document, String command) throws IOException {
        // What the benchmarks do is tested where they are built, after this module.
        boolean benchmarks = document.equals("README.md") && command.contains(" --peers")
                || document.startsWith("benchmarks/");
        boolean editors = document.startsWith("grammar/editors/")
                && Files.readString(ROOT.resolve(".ci/editors")).contains(command);
        return benchmarks || editors || isRecord(document, command) || OF_CONTRIBUTORS.matcher(command).matches()
                || command.startsWith("./tern serve ") || command.startsWith("java -XX:AOTCache"); // StartUpTest
    }

    private static boolean isRecord(String document, String command) {
        return document.equals("models/README.md") && command.startsWith("./tern ")
                && !OF_MODELS.matcher(command).matches();
    }

    /** The commands have the options, and the models are there. */
    @TestFactory
    Stream<DynamicTest> howModelsWereMadeCanBeTyped() throws IOException {
        List<String> records = DocumentBlock.commands(ROOT, "models/README.md").stream()
                .filter(command -> isRecord("models/README.md", command)).toList();
        assertThat(records).hasSizeGreaterThan(20);
        return records.stream().map(command -> DynamicTest.dynamicTest(command, () -> {
            List<String> words = List.of(command.replaceFirst("^\\./tern +", "").replace("'", "").split(" +"));
            String[] arguments = words.toArray(String[]::new);
            assertThat(TernCommand.commandLine(Console.ofProcess(), arguments).parseArgs(arguments)
                    .errors()).isEmpty();
            words.stream().skip(1).limit(1).filter(word -> word.startsWith("models/"))
                    .forEach(word -> assertThat(ROOT.resolve(word)).exists());
        }));
    }

    @Test
    void everyBlockIsOfAKindThatIsTested() throws IOException {
        int blocks = 0;
        for (String document : DocumentBlock.documents(ROOT)) {
            for (DocumentBlock block : DocumentBlock.of(ROOT, document)) {
                boolean anywhere = List.of("sh", "tern", "mermaid").contains(block.language());
                assertThat(anywhere || KINDS.getOrDefault(block.language(), List.of()).contains(document))
                        .as("a test of the block of `" + block.language() + "` in " + document + ":\n"
                                + block.text())
                        .isTrue();
                blocks++;
            }
        }
        assertThat(blocks).isGreaterThan(40);
    }

    private static List<String> blocks(String language, String document) throws IOException {
        return DocumentBlock.of(ROOT, document).stream().filter(block -> block.language().equals(language))
                .map(DocumentBlock::text).toList();
    }

    /** The plugin as the README has it is the one of the example that is built with it. */
    @Test
    void thePluginIsTheOneOfTheExample() throws IOException {
        String example = Files.readString(ROOT.resolve("models/examples/digit-reader/pom.xml")).replaceAll("\\s+", "");
        assertThat(blocks("xml", "README.md")).hasSize(1).allSatisfy(block -> assertThat(example)
                .contains(block.replaceAll("\\s+", "").replaceAll("<version>[^<]*<", "<version>\\${tern.version}<")));
    }

    /** What an editor is told: a command that there is, and the ending of models. */
    @Test
    void editorsAreToldOfTheServer() throws IOException {
        assertThat(blocks("lua", "grammar/editors/README.md")).hasSize(1).allSatisfy(block -> {
            assertThat(block).contains("extension = { tern = 'tern' }", "filetypes = { 'tern' }");
            String arguments = block.replaceFirst("(?s).*cmd = \\{ '/path/to/tern', '([a-z]+)' \\}.*", "$1");
            assertThat(Invocation.of(arguments, "--help").out()).contains("Language Server Protocol");
        });
    }

    /**
     * Skips what needs public data that is not here, and after that what needs what such commands would have written.
     */
    private static void assumeData(String command) {
        List<String> touched = TARGET.matcher(command).results().map(MatchResult::group).toList();
        boolean data = DATA.matcher(command).results().allMatch(path -> Files.exists(checkout.resolve(path.group())));
        boolean made = !command.startsWith("./tern ") || touched.stream().noneMatch(UNMADE::contains);
        if (!data || !made) {
            UNMADE.addAll(touched);
        }
        assumeTrue(data, "public data is not here");
        assumeTrue(made, "what it reads is made of public data, which is not here");
    }

    private static DynamicTest runs(String command) {
        return DynamicTest.dynamicTest(command, () -> {
            assumeData(command);
            ChildProcess result = run(cutShort(command));
            assertThat(result.exitCode()).as(result.err()).isZero();
            // Training tells there how far it is.
            if (!command.startsWith("./tern train ")) {
                assertThat(result.err()).isEmpty();
            }
        });
    }

    /** What a document shows of an output stands there, line after line, where pieces are left out between blanks. */
    @Test
    void whatExplainIsSaidToShow() throws Exception {
        List<String> output = run(DocumentBlock.commands(ROOT, "compiler/explain.md").getFirst()).out().lines()
                .toList();
        List<String> shown = blocks("text", "compiler/explain.md").stream().flatMap(String::lines).toList();
        assertThat(shown).hasSizeGreaterThan(10);
        int line = 0;
        for (String wanted : shown) {
            Pattern pieces = Pattern.compile(Stream.of(wanted.strip().split(" {2,}")).map(Pattern::quote)
                    .collect(Collectors.joining(".*")));
            while (line < output.size() && !pieces.matcher(output.get(line)).find()) {
                line++;
            }
            assertThat(line).as("`" + wanted + "` in\n" + String.join("\n", output)).isLessThan(output.size());
            line++;
        }
    }

    /** The tour's class reads the digits of this project, which are 0..1 where it wants 0..255. */
    @Test
    void theTourEndsWithAClass() throws Exception {
        Path jar = checkout.resolve("target/reader.jar");
        int sizes = 0;
        for (String command : commands().stream().filter(found -> found.contains("target/reader")).toList()) {
            assumeData(command);
            ChildProcess result = run(command);
            assertThat(result.exitCode()).isZero();
            Matcher weights = Pattern.compile(" +weights +([0-9,]+) bytes, one copy").matcher(result.out());
            if (weights.find()) {
                assertSaid("some (\\d+) kB of weights", Long.parseLong(weights.group(1).replace(",", "")));
                sizes++;
            }
        }
        assertThat(sizes).isOne();
        String block = blocks("java", "README.md").stream().filter(text -> text.contains("Reader")).findFirst()
                .orElseThrow();
        Path source = checkout.resolve("Tour.java");
        Files.writeString(source, """
                import com.acme.Reader;

                class Tour {
                    public static void main(String[] arguments) throws Exception {
                        var image = javax.imageio.ImageIO.read(new java.io.File("models/digits/samples/seven.png"));
                        float[] pixels = new float[784];
                        for (int i = 0; i < pixels.length; i++) {
                            pixels[i] = image.getRaster().getSample(i %% 28, i / 28, 0);
                        }
                %s
                        int best = 0;
                        for (int i = 0; i < scores.length; i++) {
                            best = scores[i] > scores[best] ? i : best;
                        }
                        System.out.println(best);
                    }
                }
                """.formatted(block.indent(8)));
        ChildProcess result = ChildProcess.run(checkout, List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-cp", jar.toString(), source.toString()));
        assertThat(result.out()).as(result.err()).isEqualTo("7\n");
    }

    /** The README says how many kB something has, and is right to a tenth. */
    private static void assertSaid(String pattern, long bytes) {
        Matcher said = Pattern.compile(pattern.replace(" ", "\\s+")).matcher(readme);
        assertThat(said.find()).as(pattern).isTrue();
        assertThat(Double.parseDouble(said.group(1))).as(pattern).isCloseTo(bytes / 1000.0, Percentage.withPercentage(
                10));
    }

    @Test
    void jarsAreAsSmallAsSaid() throws Exception {
        try (Stream<Path> built = Files.list(ROOT.resolve("runtime/target"))) {
            Path runtime = built.filter(path -> path.getFileName().toString().matches(
                    "tern-runtime-[0-9.]+(-SNAPSHOT)?.jar"))
                    .findFirst().orElseThrow();
            assertSaid("some (\\d+) kB of runtime", Files.size(runtime));
        }
        for (String command : List.of("init models/kws/kws-ternary4.tern --force",
                "compile models/kws/kws-ternary4.tern -o target/kws.jar --standalone")) {
            ChildProcess result = run("./tern " + command);
            assertThat(result.exitCode()).as(result.err()).isZero();
        }
        assertSaid("a jar of some (\\d+) kB with the runtime in it", Files.size(checkout.resolve("target/kws.jar")));
    }

    /** Python is compiled where it is, and run where the library is, too; Tern then reads what was written. */
    @TestFactory
    Stream<DynamicTest> thePythonOfTheTour() throws IOException {
        List<String> blocks = blocks("python", "README.md");
        assertThat(blocks).hasSize(2);
        return blocks.stream().map(block -> DynamicTest.dynamicTest(block.lines().findFirst().orElseThrow(), () -> {
            Path script = Files.writeString(Files.createTempDirectory(folder, "python").resolve("tour.py"), block);
            assumeTrue(python(script, "-c", "print()").exitCode() == 0, "no Python");
            ChildProcess compiled = python(script, "-m", "py_compile", script.toString());
            assertThat(compiled.exitCode()).as(compiled.err()).isZero();
            assumeTrue(python(script, "-c", block.lines().findFirst().orElseThrow()).exitCode() == 0,
                    "compiled only: Python has not the library");
            ChildProcess result = python(script, script.toString());
            assertThat(result.exitCode()).as(result.err()).isZero();
            Path model = script.resolveSibling(block.contains("net.onnx") ? "net.onnx" : "net.tflite");
            assertThat(run("./tern check " + model).exitCode()).isZero();
        }));
    }

    private static ChildProcess python(Path script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec python3 \"$@\"", "python3"));
        command.addAll(List.of(arguments));
        return ChildProcess.run(script.getParent(), command);
    }

    /** The figures of layers beside others are those of the report that is named above them. */
    @Test
    void figuresBesideOthersAreTheReports() throws IOException {
        Pattern link = Pattern.compile("benchmarks/results/[a-z0-9-]+\\.md");
        Map<String, String> measured = Map.of();
        String[] head = {};
        Set<String> reports = new HashSet<>();
        int figures = 0;
        for (String line : readme.lines().toList()) {
            Matcher named = link.matcher(line);
            if (named.find()) {
                measured = measured(ROOT.resolve(named.group()));
                reports.add(named.group());
            }
            if (!line.matches("\\| (layer|(dense|conv)\\S+) \\| .*")) {
                continue;
            }
            String[] row = line.substring(2).split(" *\\| *");
            if (row[0].equals("layer")) {
                head = row;
                continue;
            }
            for (int column = 2; column < row.length; column++) {
                String key = row[0] + "|" + row[1] + "|" + head[column].toLowerCase(Locale.ROOT);
                assertThat(row[column]).as(key).isEqualTo(measured.getOrDefault(key, ""));
                figures += row[column].isEmpty() ? 0 : 1;
            }
        }
        assertThat(reports).hasSizeGreaterThan(1);
        assertThat(figures).isGreaterThan(40);
    }

    /** Microseconds of a report by job, scheme and contender. */
    private static Map<String, String> measured(Path report) throws IOException {
        Map<String, String> measured = new HashMap<>();
        String job = "";
        for (String line : Files.readAllLines(report)) {
            String[] cells = line.replace("*", "").split("\\|");
            if (line.startsWith("### ")) {
                job = line.substring(4);
            } else if (cells.length > 3) {
                measured.put(job + "|" + cells[1].strip() + "|" + cells[2].strip(), cells[3].strip().split(" ")[0]);
            }
        }
        return measured;
    }

    /** A node that is called as the language of diagrams calls something of its own makes a page show an error. */
    @Test
    void diagramsUseNoWordsOfTheirLanguage() throws IOException {
        int diagrams = 0;
        for (String document : DocumentBlock.documents(ROOT)) {
            for (String diagram : blocks("mermaid", document)) {
                assertThat(diagram.replaceAll("\"[^\"]*\"", "")).as(document).doesNotContainPattern(
                        "\\b(graph|class|end|style|click|subgraph|default|linkStyle|classDef)\\b");
                diagrams++;
            }
        }
        assertThat(diagrams).isGreaterThan(1);
    }

    /** Each share that schemes are chosen by is one that the models' own page has. */
    @Test
    void schemesAreChosenByWhatWasMeasured() throws IOException {
        String measured = Files.readString(ROOT.resolve("models/README.md"));
        List<String> shares = Pattern.compile("\\d\\d\\.\\d+(?= %)").matcher(Files.readString(ROOT.resolve(
                "models/schemes.md"))).results().map(MatchResult::group).toList();
        assertThat(shares).hasSizeGreaterThan(20).allSatisfy(share -> assertThat(measured).contains(share + " %"));
    }

    @Test
    void theServerAnswersUntilItIsEnded() throws Exception {
        String command = commands().stream().filter(found -> found.startsWith("./tern serve")).findFirst()
                .orElseThrow();
        // Any free port, for the usual one may be taken.
        Process server = new ProcessBuilder("/bin/sh", "-c", "exec " + command + " --port 0")
                .directory(checkout.toFile()).start();
        try (BufferedReader lines = server.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("model Digits answers at");
            URI page = URI.create(lines.readLine().strip());
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                    page.resolve("v2/models/Digits")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"scores\"");
        } finally {
            server.destroy();
            assertThat(server.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    /** As they would be typed where a path has slashes. */
    @TestFactory
    Stream<DynamicTest> theCommandsForWindowsRun() throws IOException {
        List<String> commands = blocks("bat", "README.md").stream().flatMap(String::lines).toList();
        assertThat(commands).hasSize(2);
        return commands.stream().map(command -> DynamicTest.dynamicTest(command, () -> {
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            ChildProcess result = ChildProcess.run(new ProcessBuilder("/bin/sh", "-c",
                    command.replace('\\', '/').replaceFirst("^java ", java + " ")).directory(ROOT.toFile()));
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).isNotBlank();
        }));
    }

    @Test
    void theSevenIsASeven() throws Exception {
        ChildProcess result = run(commands().getFirst());
        assertThat(result.out()).containsPattern("(▶|>) 7 ");
    }

    @Test
    void theJavaExamplesRun() throws Exception {
        List<String> blocks = blocks("java", "README.md").stream().filter(block -> !block.contains("Reader")).toList();
        assertThat(blocks).hasSize(4);
        for (String kind : List.of(" compile models/", " generate ")) {
            List<String> found = commands().stream().filter(command -> command.contains(kind)).toList();
            assertThat(found).isNotEmpty();
            for (String command : found) {
                assertThat(run(command).exitCode()).isZero();
            }
        }
        Path generated = checkout.resolve("target/classes");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-cp",
                generated + ":" + System.getProperty("java.class.path"), "-d", generated.toString(),
                checkout.resolve("target/generated-sources/tern/com/acme/Digits.java").toString())).isZero();
        List<Path> classes = List.of(checkout.resolve("digits.jar"), checkout.resolve("digits.jar"),
                checkout.resolve("digits-edge.jar"), generated);
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Path source = checkout.resolve("Example" + i + ".java");
            Files.writeString(source, """
                    import com.acme.*;
                    import dev.tern.compiler.*;
                    import dev.tern.runtime.*;
                    import java.nio.file.*;

                    class Example%d {
                        public static void main(String[] arguments) {
                            float[] pixels = new float[784];
                            java.util.Arrays.fill(pixels, 300, 500, 0.5f);
                    %s
                            System.out.println(%s);
                        }
                    }
                    """.formatted(i, blocks.get(i).indent(8), i < 3 ? "java.util.Arrays.toString(scores)" : "scores"));
            String classPath = classes.get(i) + ":" + System.getProperty("java.class.path");
            ChildProcess result = ChildProcess.run(checkout,
                    List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
                            source.toString()));
            assertThat(result.exitCode()).as(result.err()).isZero();
            outputs.add(result.out());
        }
        assertThat(outputs.get(0)).startsWith("[").isEqualTo(outputs.get(1)).isEqualTo(outputs.get(2));
        assertThat(outputs.get(3)).contains(", or else [Ranked[");
    }
}
