package dev.tern.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceReaderTest {
    @TempDir
    private Path folder;

    private String problems(Path file) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(SourceReader.read(file, diagnostics)).isEmpty();
        return DiagnosticRenderer.render(diagnostics.list());
    }

    @Test
    void readsUtf8() throws IOException {
        Path file = Files.writeString(folder.resolve("a.tern"), "/// Zwölf 🐟\n");
        Optional<SourceFile> read = SourceReader.read(file, new Diagnostics());
        assertThat(read.orElseThrow().text()).isEqualTo("/// Zwölf 🐟\n");
        assertThat(read.orElseThrow().name()).isEqualTo(file.toString());
    }

    @Test
    void namesTheByteThatIsNotText() throws IOException {
        Path file = Files.write(folder.resolve("a.tern"), new byte[]{'a', 'b', (byte) 0xff, 'c'});
        assertThat(problems(file)).isEqualTo("""
                error[T0001]: this is not UTF-8 text
                 --> %s at byte 2
                """.formatted(file));
        Files.write(file, new byte[]{'a', (byte) 0xc3});
        assertThat(problems(file)).contains("at byte 1");
    }

    @Test
    void knowsUtf16() throws IOException {
        Path file = Files.write(folder.resolve("a.tern"), "model".getBytes(StandardCharsets.UTF_16));
        assertThat(problems(file)).isEqualTo("""
                error[T0001]: this is not UTF-8 text
                 --> %s at byte 0
                  = help: it looks like UTF-16; save it as UTF-8
                """.formatted(file));
    }

    @Test
    void reportsWhatCannotBeRead() throws IOException {
        assertThat(problems(folder.resolve("absent.tern"))).contains("T0001", "the file does not exist");
        assertThat(problems(folder)).contains("T0001", "the file is a folder");
        Path large = Files.write(folder.resolve("large.tern"), new byte[3 * SyntaxReader.MAX_TEXT + 1]);
        assertThat(problems(large)).contains("T0007", "3,145,729");
    }
}
