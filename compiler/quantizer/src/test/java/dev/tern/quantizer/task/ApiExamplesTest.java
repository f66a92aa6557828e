package dev.tern.quantizer.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples in the Javadoc of what the command line does, in all modules: each is compiled as it stands and run, one
 * after the other, on a model whose road goes from training to a jar.
 */
class ApiExamplesTest {
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\R(.*?)\\}</pre>", Pattern.DOTALL);
    private static final String IMPORTS = """
            package example;
            import dev.tern.compiler.*;
            import dev.tern.compiler.foreign.*;
            import dev.tern.compiler.generate.*;
            import dev.tern.compiler.target.*;
            import dev.tern.compiler.task.*;
            import dev.tern.compiler.verification.*;
            import dev.tern.importers.export.*;
            import dev.tern.importers.task.*;
            import dev.tern.quantizer.*;
            import dev.tern.quantizer.calibration.*;
            import dev.tern.quantizer.evaluation.*;
            import dev.tern.quantizer.task.*;
            import dev.tern.runtime.*;
            import java.nio.file.*;
            import java.util.*;
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeModel() throws IOException {
        Files.writeString(folder.resolve("flowers.tern"), """
                /// Three kinds of flowers.
                model Flowers(leaf: f32[4]) -> (kind: f32[3]) {
                    parameters "flowers.safetensors"
                    kind = leaf |> dense(3, weights: int(4), activations: static(8, calibrated))
                }
                """);
        Files.writeString(folder.resolve("denoiser.tern"), """
                model Denoiser(x: f32[3, 2, 1], t: step[4]) -> (noise: f32[3, 2, 1]) {
                    noise = x * 0.5
                }
                """);
        StringBuilder table = new StringBuilder("a,b,c,d,label\n");
        for (int i = 0; i < 60; i++) {
            int kind = i % 3;
            table.append(kind == 0 ? 1 + i % 7 * 0.01 : 0).append(',').append(kind == 1 ? 1 - i % 5 * 0.01 : 0)
                    .append(',').append(kind == 2 ? 1 : 0.1).append(",0.5,").append(kind).append('\n');
        }
        Files.writeString(folder.resolve("flowers.csv"), table);
    }

    @Test
    void everyExampleRuns() throws Exception {
        assertThat(run("importers", "dev.tern.importers.task.Initialization")).isEmpty();
        assertThat(folder.resolve("flowers.safetensors")).isNotEmptyFile();
        assertThat(run("quantizer", Training.class.getName())).contains("epoch 30/30", "100.00 %");
        assertThat(run("quantizer", Evaluation.class.getName())).isEqualTo("1.0\n");
        byte[] trained = Files.readAllBytes(folder.resolve("flowers.safetensors"));
        assertThat(run("quantizer", Calibration.class.getName())).matches("kind\\.dense\\.range 0\\.0 to 1\\.06\\R");
        assertThat(Files.readAllBytes(folder.resolve("flowers.safetensors"))).isNotEqualTo(trained);
        assertThat(run("quantizer", Quantization.class.getName())).matches("\\d+ bytes of weights\\R");
        assertThat(Files.readString(folder.resolve("made/flowers.tern"))).contains("weights: int(8)");
        assertThat(run("importers", "dev.tern.importers.task.ModelExport")).isEmpty();
        assertThat(run("importers", "dev.tern.importers.task.ModelImport")).contains("model Flowers(");
        assertThat(run("core", "dev.tern.compiler.Tern")).isEmpty();
        assertThat(run("core", "dev.tern.compiler.ModelCompiler")).isEmpty();
        assertThat(run("core", "dev.tern.compiler.generate.ClassCompiler")).isEqualTo("com.acme.Flowers\n");
        assertThat(folder.resolve("made/digits.jar")).isNotEmptyFile();
        assertThat(run("core", "dev.tern.compiler.task.TextLayout"))
                .isEqualTo(Files.readString(folder.resolve("flowers.tern")));
        assertThat(run("core", "dev.tern.compiler.task.ModelVerification")).matches("true at \\d+ points\\R");
        assertThat(run("core", "dev.tern.compiler.task.ScheduleTuning"))
                .isEqualTo(folder.resolve("flowers.tuning") + "\n");
        assertThat(folder.resolve("flowers.tuning")).content().contains("\"portable\" : [", "kind.dense");
        assertThat(run("quantizer", Sampling.class.getName())).isEqualTo("4 samples of shape [3, 2, 1]\n");
    }

    /** What the example of a class prints. */
    private String run(String module, String name) throws Exception {
        String source = Files.readString(Path.of(System.getProperty("tern.root"), "compiler", module, "src", "main",
                "java", name.replace('.', '/') + ".java"));
        Matcher matcher = EXAMPLE.matcher(source);
        assertThat(matcher.find()).as("an example of " + name).isTrue();
        String example = matcher.group(1).lines().map(line -> line.replaceFirst("^ \\* ?", "").stripTrailing())
                .map(line -> line.replaceFirst("^    ( \\* ?)", "")).collect(Collectors.joining("\n"));
        String simple = name.substring(name.lastIndexOf('.') + 1) + "Example";
        String unit = IMPORTS + "public class " + simple
                + " { public static void run(Path given, Path data, Path folder,"
                + " Path onnx, Path file, Path denoiser, float[] pixels) throws Exception {\n"
                + (example.contains("model = ") ? "" : "Path model = given;\n") + example + "\n} }";
        Path text = Files.writeString(folder.resolve(simple + ".java"), unit);
        StringWriter said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        boolean compiled = compiler.getTask(said, null, null,
                List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none"),
                null, compiler.getStandardFileManager(null, null, null).getJavaFileObjects(text)).call();
        assertThat(compiled).as(said + unit).isTrue();
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Path model = folder.resolve("flowers.tern");
            loader.loadClass("example." + simple).getMethods()[0].invoke(null, model, folder.resolve("flowers.csv"),
                    folder.resolve("made"), folder.resolve("flowers.onnx"), model,
                    folder.resolve("denoiser.tern"), new float[]{1, 0, 0.1f, 0.5f});
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
