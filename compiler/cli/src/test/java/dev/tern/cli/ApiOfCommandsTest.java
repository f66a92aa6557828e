package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.measure.Benchmark;
import dev.tern.cli.report.Explanation;
import dev.tern.cli.serve.InferenceServer;
import java.io.ByteArrayOutputStream;
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
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands of this module do is called as their Javadoc shows; the examples of other modules run there. */
class ApiOfCommandsTest {
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\R(.*?)\\}</pre>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void everyExampleRuns() throws Exception {
        Fixture.model(folder);
        Files.writeString(folder.resolve("data.csv"), "a,b,c,d,label\n1,0,0,0,0\n0,1,0,0,1\n0,0,1,0,2\n");

        assertThat(run(Benchmark.class)).isEqualTo("true\n");
        assertThat(run(InferenceServer.class)).isEqualTo("true\n");
        assertThat(run(Explanation.class)).isEmpty();
        assertThat(folder.resolve("report.html")).content().contains("Brightest, explained", "data.csv", "100.00 %");
    }

    /** What the example of a class prints. */
    private String run(Class<?> type) throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of(System.getProperty("tern.root"), "compiler/cli/src/"
                + "main/java", type.getName().replace('.', '/') + ".java")));
        assertThat(example.find()).as("an example of " + type).isTrue();
        String name = type.getSimpleName() + "Example";
        String unit = "import " + type.getName()
                + "; import dev.tern.compiler.*; import java.nio.file.*;\npublic class "
                + name + " { public static void run(Path model, Path data, Path folder) throws Exception {\n"
                + example.group(1).lines().map(line -> line.replaceFirst("^ \\* ?", ""))
                        .collect(Collectors.joining("\n"))
                + "\n} }";
        Path source = Files.writeString(folder.resolve(name + ".java"), unit);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        assertThat(compiler.getTask(said, null, null,
                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none"), null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source)).call())
                .as(said + unit).isTrue();
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethods()[0].invoke(null, folder.resolve("brightest.tern"),
                    folder.resolve("data.csv"), folder);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
