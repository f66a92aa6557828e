package dev.tern.compiler.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What hangs is ended after a while; nothing here takes long. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutsideFileTest {
    @TempDir
    private Path folder;

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> OutsideFile.of(file)).isInstanceOf(RefusedFileException.class).hasMessage(message);
    }

    @Test
    void regularFilesAreRead() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "four");
        OutsideFile opened = OutsideFile.of(Files.createSymbolicLink(folder.resolve("link"), file));
        assertThat(opened.size()).isEqualTo(4);
        assertThat(opened.bytes(4)).isEqualTo("four".getBytes());
        assertThatThrownBy(() -> opened.bytes(3)).isInstanceOf(RefusedFileException.class)
                .hasMessage("is too large: 4 bytes, the limit is 3");
    }

    @Test
    void aFileThatGrowsIsReadNoFurtherThanTheLimit() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "four");
        OutsideFile opened = OutsideFile.of(file);
        Files.writeString(file, "fourteen");
        assertThatThrownBy(() -> opened.bytes(6)).hasMessage("is too large: 7 bytes, the limit is 6");
    }

    @Test
    void nothingElseIsOpened() throws Exception {
        assertRefused(folder.resolve("a"), "does not exist");
        assertRefused(folder, "is a folder, not a file");
        assertRefused(Files.createSymbolicLink(folder.resolve("lost"), folder.resolve("a")), "does not exist");
        assumeTrue(Files.exists(Path.of("/dev/zero")), "this system has no /dev/zero");
        assertRefused(Files.createSymbolicLink(folder.resolve("zero"), Path.of("/dev/zero")), "is not a regular file");
        assumeTrue(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor() == 0,
                "this system has no pipes with names");
        assertRefused(folder.resolve("pipe"), "is not a regular file");
    }

    @Test
    void linksDoNotLeadOutOfAFolder() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path own = Files.writeString(inner.resolve("own"), "");
        Path secret = Files.writeString(folder.resolve("secret"), "");
        assertThat(OutsideFile.inside(inner, Files.createSymbolicLink(inner.resolve("alias"), own)).size()).isZero();
        Path link = Files.createSymbolicLink(inner.resolve("link"), secret);
        assertThatThrownBy(() -> OutsideFile.inside(inner, link)).hasMessage("is a link that leads out of the folder");
        Path door = Files.createSymbolicLink(folder.resolve("door"), inner);
        assertThat(OutsideFile.inside(door, door.resolve("own")).path()).isEqualTo(door.resolve("own"));
    }
}
