package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said before anything is trained; training itself needs the tensor library and is tested there. */
class TrainCommandTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Fixture.model(folder);
    }

    private Invocation train(Object... options) {
        Object[] arguments = new Object[options.length + 4];
        System.arraycopy(new Object[]{"train", model, "--data", folder}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        return Invocation.of(arguments);
    }

    @Test
    void settingsOutOfRangeAreWrongUsage() {
        Invocation none = train("--epochs", "-1");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).startsWith("tern: setting out of range: epochs -1, for 0 or more");
        assertThat(train("--rate", "0").err()).startsWith(
                "tern: setting out of range: learning rate 0.0, for more than 0");
        assertThat(train("--rate", "NaN").exitCode()).isEqualTo(2);
        assertThat(train("--smoothing", "1").exitCode()).isEqualTo(2);
        assertThat(train("--scale", "NaN").err()).startsWith("tern: --scale and --brightness are finite numbers");
    }

    @Test
    void anOutputThatCannotBeWrittenIsWrongUsage() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(train("--output", folder).err()).startsWith("tern: cannot write " + folder);
        assertThat(train("--output", file.resolve("x.safetensors")).exitCode()).isEqualTo(2);
    }

    @Test
    void missingDataIsReported() {
        Invocation absent = train("--output", folder.resolve("new/x.safetensors"));
        assertThat(absent.exitCode()).isEqualTo(1);
        assertThat(absent.err()).startsWith("error[T1007]: " + folder.getFileName()
                + " is no data set of a known kind");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void anInterruptedRunIsNotThrownAwayByMistake() throws IOException {
        Path checkpoint = Files.createFile(folder.resolve("x.checkpoint.safetensors"));
        assertThat(train("--output", folder.resolve("x.safetensors")).err()).startsWith("tern: " + checkpoint
                + " is there from a run that was interrupted: go on with it (resuming, or --resume), or remove it");
        assertThat(checkpoint).exists();
        assertThat(train("--resume", "--output", folder.resolve("y.safetensors")).err())
                .startsWith("tern: there is no " + folder.resolve("y.checkpoint.safetensors") + " to go on from");
    }

    @Test
    void foldsAreAtLeastTwo() {
        assertThat(train("--folds", "1").err()).startsWith("tern: --folds is at least 2, --seeds at least 1");
    }

    @Test
    void aTeachersModelNeedsItsParameters() {
        Invocation alone = train("--teacher-model", model);
        assertThat(alone.exitCode()).isEqualTo(2);
        assertThat(alone.err()).startsWith("tern: --teacher-model needs --teacher, the file of its parameters");
    }
}
