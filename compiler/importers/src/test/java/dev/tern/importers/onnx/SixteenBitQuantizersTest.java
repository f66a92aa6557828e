package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** QuantizeLinear and DequantizeLinear of 16 bits, which exist from opset 21 on, beside the sums of integers. */
class SixteenBitQuantizersTest {
    private static final int I16 = 5;
    private static final int U16 = 4;
    private static final int INPUTS = 40;
    private static final int OUTPUTS = 5;
    private static final float SCALE = 0.0004f;
    private static final float WEIGHT = 0.0078125f;

    private static TensorProto zero(int type, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES).order(ByteOrder.LITTLE_ENDIAN).putShort((short) value);
        return TensorProto.newBuilder().setName("z").setDataType(type).setRawData(ByteString.copyFrom(bytes.array()))
                .build();
    }

    private static void check(int type, int zero, int lowest, int highest) {
        Random random = new Random(3);
        int[] weights = random.ints(INPUTS * OUTPUTS, -127, 128).toArray();
        OnnxModels file = new OnnxModels(21).input("x", 1, INPUTS).output("y", 1, OUTPUTS).floats("s", List.of(), SCALE)
                .tensor(zero(type, zero)).floats("ws", List.of(), WEIGHT).bytes("w", 3, List.of((long) INPUTS,
                        (long) OUTPUTS), weights)
                .node("QuantizeLinear", "x s z", "q").node("DequantizeLinear", "q s z", "d")
                .node("DequantizeLinear", "w ws", "v").node("MatMul", "d v", "y");
        float[] x = new float[INPUTS];
        long[] codes = new long[INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            x[i] = (random.nextFloat() - 0.5f) * 40;
            codes[i] = (long) Math.max(lowest, Math.min(highest, Math.rint(x[i] / SCALE) + zero)) - zero;
        }
        float[] expected = new float[OUTPUTS];
        for (int o = 0; o < OUTPUTS; o++) {
            long sum = 0;
            for (int i = 0; i < INPUTS; i++) {
                sum += codes[i] * weights[i * OUTPUTS + o];
            }
            expected[o] = SCALE * WEIGHT * sum;
        }
        ImportedOnnx imported = ImportedOnnx.of(file);
        assertThat(imported.body()).contains("activations: static(16, scale: 4.0e-4");
        assertThat(imported.run(x)).containsExactly(expected);
    }

    @Test
    void signedCodes() {
        check(I16, 0, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    @Test
    void unsignedCodesWithAZeroPoint() {
        check(U16, 32_900, 0, 65_535);
    }
}
