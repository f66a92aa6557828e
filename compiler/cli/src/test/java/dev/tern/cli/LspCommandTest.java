package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The language server as a process; what it answers is tested where it is. */
class LspCommandTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String message(String json) {
        return "Content-Length: " + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json;
    }

    @Test
    void aSessionFromBeginningToEnd() throws Exception {
        Process server = new ProcessBuilder(command("dev.tern.cli.Main", "lsp", "--stdio"))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (OutputStream to = server.getOutputStream(); InputStream from = server.getInputStream()) {
            to.write((message("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}")
                    + message("{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":"
                            + "{\"uri\":\"untitled:1\",\"languageId\":\"tern\",\"version\":1,\"text\":\"modell\"}}}")
                    + message("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"shutdown\"}")).getBytes(
                            StandardCharsets.UTF_8));
            to.flush();
            // What it publishes comes from a thread of its own, before or after its answer to the shutdown.
            StringBuilder said = new StringBuilder();
            while (!said.toString().contains("\"T0003\"") || !said.toString().contains("\"id\":2")) {
                int next = from.read();
                assertThat(next).as("the end of " + said).isNotNegative();
                said.append((char) next);
            }
            to.write(message("{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}").getBytes(StandardCharsets.UTF_8));
            to.flush();
            assertThat(server.waitFor(ChildProcess.MINUTES_TO_HANG, TimeUnit.MINUTES)).isTrue();
            assertThat(said).startsWith("Content-Length: ").contains("\"hoverProvider\":true");
            assertThat(server.exitValue()).isZero();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void anEditorThatIsGoneLeavesNothingBehind() throws Exception {
        ChildProcess gone = ChildProcess.run(ROOT, command("dev.tern.cli.Main", "lsp"));
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.out()).isEmpty();
        assertThat(gone.err()).isEmpty();
    }

    /** Other commands start as fast as they did without a server: nothing of it is loaded. */
    @Test
    void otherCommandsLoadNothingOfIt() throws Exception {
        ChildProcess check = ChildProcess.run(ROOT,
                command("-Xlog:class+load", "dev.tern.cli.Main", "check", "models/digits"));
        assertThat(check.exitCode()).as(check.err()).isZero();
        assertThat(check.out()).contains("dev.tern.cli.CheckCommand").doesNotContain("dev.tern.cli.LspCommand")
                .doesNotContain("dev.tern.languageserver").doesNotContain("org.eclipse.")
                .doesNotContain("com.google.gson");
    }
}
