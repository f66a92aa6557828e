package dev.tern.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.Tern;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class NdSessionTest {
    @TempDir
    Path folder;

    private NdSession session(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("net.tern"), text);
        return new NdSession(Tern.compiler().target(Target.PORTABLE).compile(file));
    }

    private NdSession relu() throws IOException {
        return session("model Net(x: f32[2, 3]) -> (y: f32[2, 3]) { y = relu(x) }");
    }

    @Test
    void oneInference() throws IOException {
        try (NdSession session = relu()) {
            INDArray result = session.run(Nd4j.createFromArray(new float[][]{{-1, 2, -3}, {4, -5, 6}}));

            assertThat(result).isEqualTo(Nd4j.createFromArray(new float[][]{{0, 2, 0}, {4, 0, 6}}));
        }
    }

    @Test
    void batches() throws IOException {
        try (NdSession session = relu()) {
            for (int batch : new int[]{3, 1, 4}) {
                INDArray input = Nd4j.arange(batch * 6).castTo(DataType.FLOAT).subi(5).reshape(batch, 2, 3);

                assertThat(session.run(input)).isEqualTo(Nd4j.math().max(input, input.mul(0)));
            }
            assertThat(session.run(Nd4j.create(DataType.FLOAT, 0, 2, 3)).shape()).containsExactly(0, 2, 3);
        }
    }

    @Test
    void anyLayoutInMemory() throws IOException {
        try (NdSession session = relu()) {
            INDArray expected = Nd4j.createFromArray(new float[][]{{1, 2, 3}, {4, 5, 6}});
            INDArray columns = Nd4j.createFromArray(new float[][]{{1, 4}, {2, 5}, {3, 6}});
            INDArray many = Nd4j.arange(12).castTo(DataType.FLOAT).subi(5).reshape(2, 2, 3);
            INDArray wide = Nd4j.createFromArray(new float[][]{{9, 1, 2, 3, 9}, {9, 4, 5, 6, 9}});

            assertThat(session.run(expected.dup('f'))).isEqualTo(expected);
            assertThat(session.run(columns.transpose())).isEqualTo(expected);
            assertThat(session.run(many.slice(1))).isEqualTo(many.slice(1).dup());
            assertThat(session.run(wide.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 4)))).isEqualTo(expected);
        }
    }

    @Test
    void bytesIndicesAndSeveralPorts() throws IOException {
        try (NdSession session = session("""
                model Net(picture: u8[4], other: f32[4]) -> (best: i32, sum: f32[4]) {
                    sum = picture + other
                    best = argmax(sum)
                }
                """)) {
            Map<String, INDArray> results = session.run(Map.of(
                    "picture", Nd4j.createFromArray(new int[]{0, 255, 51, 0}).castTo(DataType.UINT8),
                    "other", Nd4j.createFromArray(0f, 0, 2, 0)));

            assertThat(results.keySet()).containsExactly("best", "sum");
            assertThat(results.get("best").dataType()).isEqualTo(DataType.INT32);
            assertThat(results.get("best").rank()).isZero();
            assertThat(results.get("best").getInt(0)).isEqualTo(2);
            assertThat(results.get("sum")).isEqualTo(Nd4j.createFromArray(0f, 1, 2.2f, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> session.run(results.get("sum")))
                    .withMessageContaining("use run(Map)");
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        try (NdSession session = relu()) {
            assertThatIllegalArgumentException().isThrownBy(() -> session.run(Nd4j.create(DataType.FLOAT, 3, 2)))
                    .withMessage("input x: f32[2, 3] takes FLOAT of shape [2, 3] or with a batch in front, not FLOAT"
                            + " [3, 2]");
            assertThatIllegalArgumentException().isThrownBy(() -> session.run(Nd4j.create(DataType.DOUBLE, 2, 3)))
                    .withMessageContaining("not DOUBLE [2, 3]");
            assertThatIllegalArgumentException().isThrownBy(() -> session.run(Map.of()))
                    .withMessageContaining("x: f32[2, 3] is missing");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.run(Map.of("z", Nd4j.create(DataType.FLOAT, 2, 3))))
                    .withMessageContaining("no input 'z'");
            assertThatThrownBy(() -> session.run(Nd4j.createFromArray(new float[][]{{1, 2, Float.NaN}, {4, 5, 6}})))
                    .isInstanceOf(InputException.class);
            assertThat(session.run(Nd4j.ones(DataType.FLOAT, 2, 3)).sumNumber().floatValue()).isEqualTo(6);
        }
    }
}
