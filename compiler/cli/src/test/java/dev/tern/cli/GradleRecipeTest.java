package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's recipe for Gradle, as far as it goes without Gradle: the task's class and arguments, in a project of the
 * folders that it names, and what Gradle's Java compiler would make of the sources beside the classes.
 */
class GradleRecipeTest {
    private static final Pattern RECIPE = Pattern.compile("```kotlin\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");

    @TempDir
    private Path project;

    @Test
    void theTaskMakesClassesThatItsSourcesCompileAgainst() throws Exception {
        String readme = Files.readString(Path.of(System.getProperty("tern.root"), "README.md"));
        Matcher found = RECIPE.matcher(readme);
        assertThat(found.find()).isTrue();
        String recipe = found.group(1);
        assertThat(recipe).contains("mainClass = \"" + Main.class.getName() + "\"");
        Files.createDirectories(project.resolve("src/main/tern/com/acme"));
        Files.writeString(project.resolve("src/main/tern/com/acme/half.tern"),
                "model Half(x: f32[4]) -> (y: f32[4]) {\n    y = 0.5 * x\n}\n");
        Object[] arguments = TEXT.matcher(recipe.lines().map(String::strip).filter(line -> line.startsWith("args("))
                .findFirst().orElseThrow()).results().map(text -> text.group(1))
                .map(text -> text.contains("/") ? project.resolve(text).toString() : text).toArray();

        Invocation generate = Invocation.of(arguments);

        assertThat(generate.exitCode()).as(generate.err()).isZero();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean compiled = compiler.getTask(said, null, null,
                List.of("-proc:none", "--release", "17", "-cp",
                        project.resolve("build/tern/classes") + File.pathSeparator + System.getProperty(
                                "java.class.path"),
                        "-d", Files.createDirectories(project.resolve("build/classes")).toString()),
                null, compiler.getStandardFileManager(null, null, null).getJavaFileObjects(
                        project.resolve("build/tern/sources/com/acme/Half.java")))
                .call();
        assertThat(compiled).as(said.toString()).isTrue();
        assertThat(recipe).contains("files(\"build/tern/classes\")", "java.srcDir(files(\"build/tern/sources\")",
                "output.dir(mapOf(\"builtBy\" to models), \"build/tern/classes\")");
    }
}
