package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.output.Console;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.runtime.Scores;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path input;

    @BeforeEach
    void writeModel() throws IOException {
        model = Fixture.model(folder);
        input = Fixture.input(folder);
    }

    @Test
    void runShowsTheScores() {
        Invocation run = Invocation.of("run", model, "--input", input);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                place
                  top left                                             0.00
                ▶ top right  ████████████████████████████████████████  1.00
                  below      ██████████                                0.25
                """);
        assertThat(run.exitCode()).isZero();
        assertThat(Invocation.of("run", folder, "--input", "image=" + input)).isEqualTo(run);
    }

    @Test
    void runInJson() {
        Invocation run = Invocation.of("run", model, "--input", input, "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                {
                  "model" : "Brightest",
                  "file" : "%s",
                  "outputs" : [ {
                    "name" : "place",
                    "element" : "f32",
                    "shape" : [ 3 ],
                    "values" : [ 0.0, 1.0, 0.24901962 ],
                    "labels" : [ "top left", "top right", "below" ],
                    "winner" : 1,
                    "label" : "top right"
                  } ],
                  "diagnostics" : [ ]
                }
                """.formatted(model));
    }

    @Test
    void aWrongInputIsADiagnosticWithOne() {
        Invocation run = Invocation.of("run", model, "--input", "picture=" + input);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                error[T1004]: the model has no input 'picture'
                 --> --input picture=%s
                  = help: write --input image=FILE, for model Brightest(image: f32[2, 2, 1]) -> (place: f32[3])
                """.formatted(input));
    }

    @Test
    void checkTellsWhatIsRight() {
        Invocation check = Invocation.of("check", model);
        assertThat(check).isEqualTo(new Invocation(0, model + ": model Brightest, nothing wrong\n", ""));
    }

    @Test
    void checkTellsWhatIsWrong() throws IOException {
        Files.writeString(model, Fixture.TEXT.replace("dense(3,", "dense(4,"));
        Invocation check = Invocation.of("check", model);
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.out()).isEmpty();
        assertThat(check.err()).contains("error[T0301]", "brightest.tern:2:49", "6 |     place", "f32[3]", "f32[4]");
        Invocation json = Invocation.of("check", model, "--json");
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.err()).isEqualTo(check.err());
        assertThat(json.out()).startsWith("{\n  \"diagnostics\" : [ {\n    \"code\" : \"T0301\"").contains(
                "\"severity\" : \"error\"", "\"line\" : 2", "\"line\" : 6");
    }

    /** A budget, no file for the parameters, labels: what compiling refuses, checking does. */
    @Test
    void checkRefusesWhatCompileRefuses() throws IOException {
        assertRefused("T0902", Fixture.TEXT.replace("{\n    param", "{\n    budget ram: 8 B\n    param"));
        assertRefused("T0510", Fixture.TEXT.replaceAll(" *parameters .*\n", ""));
        assertRefused("T0501", Fixture.TEXT.replaceAll("labels place: .*\n", "labels place \"nowhere.txt\"\n"));
    }

    /** 70,000 products of 255 and 127 are beyond 32 bits. */
    @Test
    void checkRefusesSumsThatMayOverflow() throws IOException {
        float[] weights = new float[70_000];
        Arrays.fill(weights, 1);
        Files.write(folder.resolve("long.safetensors"), SafetensorsWriter.bytes(
                Map.of("y.dense.weight", new Tensor.Floats(Shape.of(1, weights.length), weights))));
        assertRefused("T0903", """
                model Long(x: f32[70000]) -> (y: f32[1]) {
                    parameters "long.safetensors"
                    y = x |> dense(1, weights: int(8), activations: static(8, 0..1))
                }
                """);
    }

    @Test
    void explainTellsOfAScaleAndAZeroPoint() throws IOException {
        Files.writeString(model, Fixture.TEXT.replace("static(8, 0..1)", "static(8, scale: 0.0078125, zero: -3)"));
        Invocation explain = Invocation.of("explain", model, "--portable");
        assertThat(explain.exitCode()).isZero();
        assertThat(explain.out()).contains("0.0078125", "-3");
    }

    private void assertRefused(String code, String text) throws IOException {
        Files.writeString(model, text);
        Invocation compile = Invocation.of("compile", model, "-o", folder.resolve("out.jar"));
        Invocation check = Invocation.of("check", model);
        assertThat(compile.err()).startsWith("error[" + code + "]");
        assertThat(check.err()).isEqualTo(compile.err());
        assertThat(check.exitCode()).isEqualTo(compile.exitCode()).isEqualTo(1);
    }

    @Test
    void checkWarnsOfParametersThatAreNotThere() throws IOException {
        Files.delete(folder.resolve("brightest.safetensors"));
        Invocation check = Invocation.of("check", model);
        assertThat(check.exitCode()).isZero();
        assertThat(check.out()).endsWith("model Brightest, 1 warning\n");
        assertThat(check.err()).startsWith("warning[T0501]: the parameters are not checked");
        assertThat(Invocation.of("run", model, "--input", input).exitCode()).isEqualTo(1);
    }

    @Test
    void labelsMayLieInAFile() throws IOException {
        Files.writeString(model, Fixture.TEXT.replace("place: \"top left\", \"top right\", \"below\"",
                "place \"names.txt\""));
        Path names = Files.writeString(folder.resolve("names.txt"), "links oben\nrechts oben\nunten\n");
        assertThat(Invocation.of("run", model, "--input", input).out()).contains("▶ rechts oben  ");
        Files.writeString(names, "links oben\nrechts oben\n");
        Invocation run = Invocation.of("run", model, "--input", input);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("error[T1006]: `names.txt` has 2 lines, output `place` has 3 entries\n --> "
                + model + ":4:18\n");
        Files.delete(names);
        assertThat(Invocation.of("run", model, "--input", input).err()).contains(model + ":4:18", "names.txt");
    }

    @Test
    void modelsThatAreNotThere() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertMissing(empty, "the folder holds no .tern file");
        assertMissing(folder.resolve("nowhere"), "there is no such file or folder");
        Files.copy(model, folder.resolve("other.tern"));
        assertMissing(folder, "the folder holds several .tern files");
    }

    private static void assertMissing(Path place, String message) {
        Invocation check = Invocation.of("check", place);
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.err()).startsWith("error[T0001]: " + message + "\n --> " + place + "\n");
    }

    @Test
    void compileWritesAJarThatRuns() throws Exception {
        Path jar = folder.resolve("out/brightest.jar");
        Invocation compile = Invocation.of("compile", model, "-o", jar, "--package", "com.acme");
        assertThat(compile.err()).isEmpty();
        assertThat(compile.exitCode()).isZero();
        assertThat(compile.out()).startsWith(jar + "  ").matches("""
                .*  [0-9,]+ bytes
                class com\\.acme\\.Brightest
                  weights     24 bytes, one copy
                  portable    24 bytes of weights in memory, 32 of working memory
                  vector 512  24 bytes of weights in memory, [0-9]+ of working memory
                  vector 256  24 bytes of weights in memory, [0-9]+ of working memory
                """);
        try (java.net.URLClassLoader loader = new java.net.URLClassLoader(new java.net.URL[]{jar.toUri().toURL()})) {
            Class<?> brightest = loader.loadClass("com.acme.Brightest");
            Object place = brightest.getMethod("run", float[].class).invoke(brightest.getConstructor().newInstance(),
                    new float[]{0, 1, 0.5f, 0});
            assertThat(((Scores) place).label()).isEqualTo("top right");
            assertThat(((Scores) place).values()[1]).isEqualTo(1);
        }
        byte[] first = Files.readAllBytes(jar);
        Invocation.of("compile", model, "-o", jar, "--package", "com.acme");
        assertThat(Files.readAllBytes(jar)).isEqualTo(first);
        assertThat(names(jar.getParent())).containsExactly("brightest.jar");
    }

    @Test
    void compileForSmallJvmsWritesOneClassThatNeedsNothing() throws Exception {
        Path out = folder.resolve("classes");
        Invocation compile = Invocation.of("compile", model, "-o", out, "--target", "edge", "--package", "com.acme",
                "--dump");
        assertThat(compile.err()).isEmpty();
        assertThat(compile.out()).matches("""
                .*Brightest\\.class  [0-9,]+ bytes
                .*Brightest\\.txt  [0-9,]+ bytes
                class com\\.acme\\.Brightest, for Java 8 and later
                  Brightest\\.infer\\(float\\[] image, float\\[] place\\)
                  24 bytes of weights in memory, [0-9]+ of working memory
                """);
        assertThat(names(out.resolve("com/acme"))).containsExactly("Brightest.class", "Brightest.txt");
        try (java.net.URLClassLoader loader = new java.net.URLClassLoader(new java.net.URL[]{out.toUri().toURL()},
                null)) {
            float[] place = new float[3];
            loader.loadClass("com.acme.Brightest").getMethod("infer", float[].class, float[].class).invoke(null,
                    new float[]{0, 1, 0.5f, 0}, place);
            assertThat(place[1]).isEqualTo(1);
        }
        assertThat(Invocation.of("compile", model, "-o", out, "--target", "edge", "--narrow").err())
                .startsWith("tern: --target says already what vector code there is; leave --narrow out\n");
        assertThat(Invocation.of("compile", model, "-o", out, "--target", "edge", "--standalone").err())
                .startsWith("tern: a class for --target edge needs no runtime; leave --standalone out\n");
        assertThat(Invocation.of("compile", model, "-o", out, "--target", "edge", "--integers").exitCode()).isZero();
        assertThat(Invocation.of("explain", model, "--integers", "--after", "RequantizeByIntegers").out())
                .startsWith("graph Brightest {");
        assertThat(Invocation.of("footprint", model, "--target", "edge", "--integers").out())
                .contains("the rest of the class file", "edge integers");
        assertThat(Invocation.of("verify", model, "--integers").out())
                .contains("everywhere the bits that the model means");
        assertThat(Invocation.of("tune", model, "--integers").err())
                .startsWith("tern: products are computed alike with --integers; leave it out\n");
        assertThat(Invocation.of("compile", model, "-o", out, "--integers").err())
                .startsWith("tern: --integers goes with --target edge\n");
        assertThat(Invocation.of("compile", model, "-o", out, "--target", "small").err())
                .startsWith("tern: --target takes portable, 128, 256, 512 or edge, not 'small'\n");
    }

    @Test
    void compileForOneWidthTakesThatAlone() throws IOException {
        Path out = folder.resolve("classes");
        Invocation compile = Invocation.of("compile", model, "-o", out, "--target", "128");
        assertThat(compile.exitCode()).isZero();
        assertThat(names(out)).containsExactly("Brightest.class", "BrightestSession$Vector128.class",
                "BrightestSession.class", "BrightestSession.weights", "META-INF");
    }

    @Test
    void namesThatJavaCannotWriteAreRefused() throws IOException {
        Files.writeString(model, Fixture.TEXT.replace("model Brightest", "model record"));
        assertThat(Invocation.of("run", model, "--input", input).exitCode()).isZero();
        assertThat(Invocation.of("check", model).err()).startsWith("warning[T0906]: `record` is a word of Java");
        Path out = folder.resolve("classes");
        Invocation compile = Invocation.of("compile", model, "-o", out);
        assertThat(compile.exitCode()).isEqualTo(1);
        assertThat(compile.err()).isEqualTo(
                """
                        error[T0906]: the class of this model cannot be named as the model: \
                        `record` is a word of Java, so that \
                        no Java program can name the class
                         --> %s:2:7
                          |
                        2 | model record(image: f32[2, 2, 1]) -> (place: f32[3]) {
                          |       ^^^^^^
                          = help: rename the model, or give the class another name with --class NAME
                        """
                        .formatted(model));
        assertThat(Invocation.of("compile", model, "-o", out, "--class", "new").err()).isEqualTo("""
                error[T0906]: `new` is a word of Java, so that no Java program can name the class
                 --> --class
                """);
        assertThat(Invocation.of("compile", model, "-o", out, "--class", "Rec", "--package", "java.lang").err())
                .isEqualTo("""
                        error[T0906]: `java.lang` belongs to Java, and no other class is loaded from there
                         --> --package
                        """);
        assertThat(out).doesNotExist();
        Invocation named = Invocation.of("compile", model, "-o", out, "--class", "Rec", "--portable");
        assertThat(named.out()).contains("\nclass Rec\n");
        assertThat(names(out)).containsExactly("META-INF", "Rec.class", "RecSession.class", "RecSession.weights");
    }

    @Test
    void aJarOfAnyNameIsAModule() {
        Path jar = folder.resolve("2d model.jar");
        String deep = "com.acme." + "x".repeat(60) + ".größe";
        Invocation compile = Invocation.of("compile", model, "-o", jar, "--package", deep);
        assertThat(compile.exitCode()).as(compile.err()).isZero();
        assertThat(ModuleFinder.of(jar).find(deep)).isPresent();
    }

    @Test
    void compileIntoAFolderWithAListing() throws IOException {
        Path out = folder.resolve("classes");
        Invocation compile = Invocation.of("compile", model, "-o", out, "--dump", "--json");
        assertThat(compile.exitCode()).isZero();
        assertThat(names(out)).containsExactly("Brightest.class", "BrightestSession$Vector256.class",
                "BrightestSession$Vector256.txt", "BrightestSession$Vector512.class",
                "BrightestSession$Vector512.txt", "BrightestSession.class", "BrightestSession.txt",
                "BrightestSession.weights", "META-INF");
        assertThat(Files.readString(out.resolve("BrightestSession.txt"))).contains(
                "class BrightestSession extends Session");
        assertThat(compile.out()).contains("\"class\" : \"Brightest\"", """
                  "variants" : [ {
                    "variant" : "portable",
                    "class" : "BrightestSession",
                    "weightBytes" : 24,
                    "arenaBytes" : 32
                  }, {
                    "variant" : "vector 512",
                    "class" : "BrightestSession$Vector512",
                """).doesNotContain("noVectorCode");
    }

    @Test
    void compileLeavesVectorCodeOut() throws IOException {
        Path out = folder.resolve("classes");
        Invocation portable = Invocation.of("compile", model, "-o", out, "--portable");
        assertThat(portable.exitCode()).isZero();
        assertThat(portable.out()).endsWith("""
                class Brightest
                  weights     24 bytes, one copy
                  portable    24 bytes of weights in memory, 32 of working memory
                  no vector code: compiled without vector code
                """);
        assertThat(names(out)).containsExactly("Brightest.class", "BrightestSession.class",
                "BrightestSession.weights", "META-INF");
        Invocation json = Invocation.of("compile", model, "-o", out, "--portable", "--json");
        assertThat(json.out()).contains("\"noVectorCode\" : \"compiled without vector code\"");
    }

    @Test
    void compileKeepsTheBudget() throws IOException {
        Path out = folder.resolve("classes");
        Files.writeString(model, Fixture.TEXT.replace("    labels", "    budget flash: 24 B, ram: 32 B\n    labels"));
        Invocation none = Invocation.of("compile", model, "-o", out);
        assertThat(none.err()).isEmpty();
        assertThat(none.out()).endsWith("  no vector code: vector code would break the model's budget\n");
        assertThat(names(out)).containsExactly("Brightest.class", "BrightestSession.class",
                "BrightestSession.weights", "META-INF");
        Files.writeString(model, Fixture.TEXT.replace("    labels", "    budget flash: 24 B, ram: 1000 B\n    labels"));
        assertThat(Invocation.of("compile", model, "-o", out).out()).contains("vector 512", "vector 256");
        Files.writeString(model, Fixture.TEXT.replace("    labels", "    budget flash: 23 B\n    labels"));
        assertThat(Invocation.of("compile", model, "-o", out).err())
                .contains("the weights take 24 bytes, over the budget of 23 bytes for flash");
    }

    @Test
    void nothingIsWrittenOfAWrongModel() throws IOException {
        Files.write(folder.resolve("brightest.safetensors"), new byte[]{1, 2, 3});
        Path out = folder.resolve("new/out.jar");
        assertThat(Invocation.of("compile", model, "-o", out).exitCode()).isEqualTo(1);
        assertThat(out.getParent()).doesNotExist();
    }

    @Test
    void aFailedWriteLeavesNothingBehind() throws IOException {
        Path out = folder.resolve("new/classes");
        Files.createDirectories(out.resolve("Brightest.class/inner"));
        Path text = Files.writeString(out.resolve("Brightest.txt"), "kept");
        Invocation compile = Invocation.of("compile", model, "-o", out, "--dump");
        assertThat(compile.exitCode()).isEqualTo(1);
        assertThat(compile.err()).startsWith("error[T1008]: the file cannot be written: this is a folder");
        assertThat(names(out)).containsExactly("Brightest.class", "Brightest.txt");
        assertThat(text).hasContent("kept");
        Path deep = folder.resolve("deep/er");
        assertThat(Invocation.of("compile", model, "-o", deep.resolve("x".repeat(300) + ".jar")).exitCode())
                .isEqualTo(1);
        assertThat(folder.resolve("deep")).doesNotExist();
    }

    @Test
    void namesOfFilesControlNoTerminal() throws IOException {
        Path strange = Files.createDirectory(folder.resolve("a\u001b[2Jb"));
        Files.writeString(strange.resolve("m.tern"), "model M(");
        assertThat(Invocation.of("check", strange.resolve("m.tern")).err()).contains("a\ufffd[2Jb/m.tern:1:")
                .doesNotContain("\u001b");
        assertThat(Invocation.of("check", strange.resolve("n.tern")).err()).contains("a\ufffd[2Jb/n.tern")
                .doesNotContain("\u001b");
        assertThat(Invocation.of("che\u001bck").err()).doesNotContain("\u001b");
    }

    @Test
    void whatCannotBeWrittenIsReported() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Invocation compile = Invocation.of("compile", model, "-o", file.resolve("out.jar"));
        assertThat(compile.exitCode()).isEqualTo(1);
        assertThat(compile.err()).contains("error[T1008]: the file cannot be written");
    }

    @Test
    void explainShowsTheLayers() {
        Invocation explain = Invocation.of("explain", model);
        assertThat(explain.exitCode()).isZero();
        // What is predicted depends on the machine, and so does how wide its column is.
        assertThat(explain.out().replaceAll("(?m)(  +predicted|  +-|  +[0-9.]+ us)$", "")).startsWith("""
                model Brightest(image: f32[2, 2, 1]) -> (place: f32[3])
                  Finds the brightest pixel.

                layer          op       shape  weights  activations      bytes  arena  binary MACs  other MACs
                place.flatten  flatten  [4]                                  -      -            -           -
                place.dense    dense    [3]    int(8)   static(8, 0..1)     24     28            -          12
                together                                                    24     32            -          12

                place.flatten: no kernel of its own
                place.dense:""");
        assertThat(explain.out()).containsPattern("place\\.dense .* 12 +[0-9.]+ us\\n")
                .containsPattern("place\\.dense: .*; bound by (products|elements)\\n")
                .contains("changed by", "weights 24 bytes in a file, 24 in memory, arena 32 bytes",
                        "passes Analyze, ");
        assertThat(Invocation.of("explain", model, "--json").out()).contains("\"otherMultiplyAdds\" : 12");
    }

    @Test
    void explainShowsAStage() {
        assertThat(Invocation.of("explain", model, "--after", "Analyze").out()).contains("graph Brightest {",
                "dense");
        assertThat(Invocation.of("explain", model, "--after", "planarena").out()).startsWith("program Brightest");
        assertThat(Invocation.of("explain", model, "--dump").out()).contains("class Brightest extends Session");
        Invocation unknown = Invocation.of("explain", model, "--after", "Magic");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no pass 'Magic'; there are Analyze, ");
    }

    @Test
    void explainShowsEachRoundOfAPass() {
        String text = Invocation.of("explain", model, "--after", "EliminateDeadStores").out();
        assertThat(text).contains("--- EliminateDeadStores, round 1",
                "--- EliminateDeadStores, round 2: nothing changed")
                .containsOnlyOnce("program Brightest");
    }

    @Test
    void verifyComparesAfterEveryPass() {
        Invocation verify = Invocation.of("verify", model);
        assertThat(verify.err()).isEmpty();
        assertThat(verify.out()).startsWith("model Brightest, compared on 3 inputs\n  graph ")
                .containsPattern("\n  portable +after Lower, .*PlanArena, class\n")
                .containsPattern("\n  edge +after Lower, .*PlanArena, class\n")
                .endsWith("\n\neverywhere the bits that the model means\n");
        assertThat(verify.exitCode()).isZero();
        assertThat(Invocation.of("verify", model, "--input", input).out()).startsWith(
                "model Brightest, compared on 1 input\n");
        assertThat(Invocation.of("verify", model, "--input", "picture=" + input).err()).startsWith(
                "error[T1004]: the model has no input 'picture'");
        assertThat(Invocation.of("verify", model, "--json").out()).startsWith("""
                {
                  "model" : "Brightest",
                  "inputs" : 3,
                  "compared" : [ {
                    "after" : "FoldConstants",
                    "round" : 1
                  }""").contains("\"leftOut\" : [ ]").doesNotContain("difference");
    }

    @Test
    void benchMeasures() {
        Invocation bench = Invocation.of("bench", model, "--seconds", "0.2");
        assertThat(bench.exitCode()).isZero();
        assertThat(bench.out()).contains("median latency", "p99 latency", "0.0 bytes per inference", "first result",
                "cpu", "jvm");
        Invocation json = Invocation.of("bench", model, "--seconds", "0.1", "--input", input, "--json");
        assertThat(json.out()).startsWith("{\n  \"model\" : \"Brightest\"").contains("\"medianNanos\" : ",
                "\"p99Nanos\" : ", "\"allocatedBytesPerInference\" : ", "\"firstResultMillis\" : ", "\"cpu\" : ",
                "\"jvm\" : ");
    }

    @Test
    void benchMeasuresTheClassForSmallJvms() {
        Invocation bench = Invocation.of("bench", model, "--seconds", "0.2", "--target", "edge", "--layers");
        assertThat(bench.err()).isEmpty();
        assertThat(bench.exitCode()).isZero();
        assertThat(bench.out()).contains("0.0 bytes per inference", "  code            edge (asked for by --target)\n",
                "place.dense").doesNotContain("changed over");
    }

    @Test
    void aFaultOfOursIsShortAndKept() throws IOException {
        PrintStream broken = new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(String line) {
                throw new IllegalStateException("the printer is on fire");
            }
        };
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        int exitCode = Main.run(new Console(broken, new PrintStream(err, true), true, false), "check",
                model.toString());
        assertThat(exitCode).isEqualTo(3);
        String message = err.toString();
        assertThat(message).matches("tern: this is a fault of the compiler, not of your model"
                + " \\(IllegalStateException\\); its stack trace is in tern-fault-[0-9]+\\.txt\n");
        Path report = Path.of(message.substring(message.indexOf("tern-fault-")).strip());
        assertThat(Files.readString(report)).contains("tern check " + model, "the printer is on fire", "CheckCommand");
        Files.delete(report);
    }

    private static List<String> names(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
