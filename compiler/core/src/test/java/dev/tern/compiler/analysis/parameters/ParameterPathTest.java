package dev.tern.compiler.analysis.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.FilePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParameterPathTest {
    private static final FilePosition HERE = new FilePosition("m.tern", -1, "");
    private final List<Diagnostic> said = new ArrayList<>();

    @TempDir
    Path folder;

    private String resolve(String name) throws IOException {
        said.clear();
        Path model = Files.createDirectories(folder.resolve("model"));
        return ParameterPath.resolve(model, name, HERE, said::add).map(p -> folder.relativize(p.path()).toString())
                .orElseGet(() -> said.getFirst().code().id());
    }

    @Test
    void filesInTheFolderAreFound() throws IOException {
        Path below = Files.createDirectories(folder.resolve("model/deep/er"));
        Files.writeString(below.resolve("a.npz"), "");
        Files.createSymbolicLink(folder.resolve("model/link.npz"), below.resolve("a.npz"));
        assertThat(resolve("deep/er/a.npz")).isEqualTo("model/deep/er/a.npz");
        assertThat(resolve("./deep/./er/a.npz")).endsWith("a.npz");
        assertThat(resolve("link.npz")).isEqualTo("model/link.npz");
        assertThat(resolve("..a.npz")).as("two dots that are part of a name").isEqualTo("T0501");
    }

    @Test
    void nothingOutsideIsRead() throws IOException {
        Files.writeString(folder.resolve("secret.npz"), "");
        Files.createDirectories(folder.resolve("model"));
        Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(folder.resolve("elsewhere/a.npz"), "");
        Files.createSymbolicLink(folder.resolve("model/link.npz"), folder.resolve("secret.npz"));
        Files.createSymbolicLink(folder.resolve("model/folder"), folder.resolve("elsewhere"));
        for (String name : new String[]{"../secret.npz", "a/../../secret.npz", "..\\secret.npz", "/etc/passwd",
            "C:\\secret.npz", "c:secret.npz", "\\\\host\\share", "link.npz", "folder/a.npz", "", " ", "a\0b"}) {
            assertThat(resolve(name)).as(name).isEqualTo("T0507");
        }
    }

    @Test
    void whatIsNotAFileIsUnreadable() throws IOException {
        Files.createDirectories(folder.resolve("model/sub"));
        assertThat(resolve("sub")).isEqualTo("T0501");
        assertThat(resolve("missing.npz")).isEqualTo("T0501");
    }
}
