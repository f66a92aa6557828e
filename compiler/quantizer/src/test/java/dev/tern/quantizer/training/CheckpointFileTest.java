package dev.tern.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.TrainingCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    @TempDir
    private Path folder;

    private final TrainingCheckpoint checkpoint = new TrainingCheckpoint(7, 12_345_678, Map.of(
            "parameter a.weight", new Tensor.Floats(Shape.of(2, 1), new float[]{0.1f, -0f}),
            "first a.weight", Tensor.of(Float.MIN_VALUE, 3e38f)));

    private CheckpointFile file(String run) {
        return CheckpointFile.beside(folder.resolve("net.safetensors"), run);
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        CheckpointFile file = file("model and settings");
        assertThat(file.exists()).isFalse();
        file.write(checkpoint);
        assertThat(file.path()).isEqualTo(folder.resolve("net.checkpoint.safetensors"));
        assertThat(file.read()).isEqualTo(checkpoint);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file.path());
        }
        file.remove();
        assertThat(file.exists()).isFalse();
    }

    @Test
    void thatOfAnotherRunIsRefused() {
        file("epochs 10").write(checkpoint);
        assertThatThrownBy(() -> file("epochs 11").read()).hasMessageContaining(
                "net.checkpoint.safetensors is the checkpoint of a run with another model, other data or other");
    }

    @Test
    void anotherFileIsNoCheckpoint() throws IOException {
        Files.write(file("x").path(), SafetensorsWriter.bytes(Map.of("a", Tensor.of(1f))));
        assertThatThrownBy(() -> file("x").read()).hasMessageContaining("is no checkpoint of a training run");
        Files.write(file("x").path(), new byte[]{1, 2, 3});
        assertThatThrownBy(() -> file("x").read()).hasMessageContaining("net.checkpoint.safetensors");
    }
}
