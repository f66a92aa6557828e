package dev.tern.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.TrainedSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredStartTest {
    private static final Tensor.Floats WEIGHTS = new Tensor.Floats(Shape.of(2, 2), new float[]{1, 2, 3, 4});
    private static final Tensor.Floats RANGE = Tensor.of(-1f, 1f);

    @TempDir
    private Path folder;

    private Graph graph() throws IOException {
        Path file = Files.writeString(folder.resolve("m.tern"), """
                model M(x: f32[2]) -> (y: f32[2]) {
                    y = x |> dense(2, weights: ternary(twn), activations: static(4, calibrated))
                }
                """);
        return ModelReader.analyze(file, new Diagnostics()).graph();
    }

    private Path stored(Map<String, Tensor.Floats> tensors) throws IOException {
        return Files.write(folder.resolve("p.safetensors"), SafetensorsWriter.bytes(tensors));
    }

    @Test
    void theModelsOwnParameters() throws IOException {
        Map<String, Tensor.Floats> all = Map.of("y.dense.weight", WEIGHTS, "y.dense.range", RANGE);
        assertThat(StoredStart.read(graph(), stored(all))).isEqualTo(all);
    }

    @Test
    void thoseOfTheFloatTwinHaveNoRanges() throws IOException {
        Map<String, Tensor.Floats> weights = Map.of("y.dense.weight", WEIGHTS);
        assertThat(StoredStart.read(graph(), stored(weights))).isEqualTo(weights);
        assertThat(StoredStart.of(graph(), new TrainedSource(weights))).isEqualTo(weights);
    }

    @Test
    void codesStartAsTheRealsTheyStandFor() throws IOException {
        TensorSource codes = new TensorSource() {
            @Override
            public String name() {
                return "imported";
            }

            @Override
            public List<TensorEntry> entries() {
                return List.of(entry("y.dense.weight.codes", DataType.I8, 2, 2),
                        entry("y.dense.weight.scale", DataType.F32, 2), entry("y.dense.range", DataType.F32, 2));
            }

            @Override
            public float[] floats(TensorEntry entry) {
                return entry.name().endsWith("range") ? new float[]{-1, 1} : new float[]{0.5f, 3};
            }

            @Override
            public byte[] bytes(TensorEntry entry) {
                return new byte[]{1, -1, 0, 1};
            }
        };
        assertThat(StoredStart.of(graph(), codes)).isEqualTo(Map.of("y.dense.range", RANGE, "y.dense.weight",
                new Tensor.Floats(Shape.of(2, 2), new float[]{0.5f, -0.5f, 0, 3})));
    }

    private static TensorEntry entry(String name, DataType type, long... shape) {
        return new TensorEntry(name, type, type.name(), LongStream.of(shape).boxed().toList(),
                new FilePosition("imported", -1, name));
    }

    @Test
    void aFileThatLacksOneIsRefused() throws IOException {
        assertThatThrownBy(() -> StoredStart.read(graph(), stored(Map.of("y.range", RANGE))))
                .hasMessageContaining("y.dense.weight");
        assertThatThrownBy(() -> StoredStart.read(graph(), folder.resolve("p.bin")))
                .hasMessageContaining("no format of parameter files has the extension of p.bin");
    }
}
