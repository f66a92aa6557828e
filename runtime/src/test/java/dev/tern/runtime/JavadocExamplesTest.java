package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows compiles as it stands: its snippets against the generated class that it describes. */
class JavadocExamplesTest {
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\R(.*?)\\}</pre>", Pattern.DOTALL);
    private static final String IMPORTS = "import dev.tern.runtime.*; import java.io.InputStream; "
            + "import java.lang.invoke.MethodHandles; ";

    @TempDir
    private Path folder;

    @Test
    void everyExampleCompiles() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assumeTrue(compiler != null, "this Java has no compiler");
        List<String> units = new ArrayList<>();
        for (String example : examples()) {
            units.add(example.startsWith("package com.acme;")
                    ? example.replaceFirst("package com.acme;", "package com.acme; " + IMPORTS)
                    : "package com.acme; " + IMPORTS + "class Example" + units.size()
                            + " { void use(float[] pixels, float[] twoPictures) {\n" + example + "} }");
        }
        assertThat(units).as("the examples of package-info, CompiledModel and Session").hasSizeGreaterThanOrEqualTo(3);
        List<Path> files = new ArrayList<>();
        for (String unit : units) {
            Matcher name = Pattern.compile("class (\\w+)").matcher(unit);
            assertThat(name.find()).isTrue();
            files.add(Files.writeString(folder.resolve(name.group(1) + ".java"), unit));
        }
        StringWriter said = new StringWriter();
        boolean compiled = compiler.getTask(said, null, null,
                List.of("-d", folder.toString(), "--release", "17", "-classpath", "target/classes", "-Xlint:all",
                        "-Werror", "-proc:none"),
                null, compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(files)).call();
        assertThat(compiled).as(said + String.join("\n", units)).isTrue();
    }

    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            for (Path source : sources.filter(Files::isRegularFile).sorted().collect(Collectors.toList())) {
                Matcher matcher = EXAMPLE.matcher(Files.readString(source));
                while (matcher.find()) {
                    examples.add(matcher.group(1).lines().map(line -> line.replaceFirst("^ \\* ?", ""))
                            .collect(Collectors.joining("\n", "", "\n")));
                }
            }
        }
        return examples;
    }
}
