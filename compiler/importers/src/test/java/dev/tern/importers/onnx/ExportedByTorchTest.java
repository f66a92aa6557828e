package dev.tern.importers.onnx;

import static dev.tern.importers.onnx.OnnxModels.decimal;
import static dev.tern.importers.onnx.OnnxModels.integer;
import static dev.tern.importers.onnx.OnnxModels.integers;
import static dev.tern.importers.onnx.OnnxModels.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.TensorProto;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What torch.onnx makes of everyday PyTorch: shapes computed in the graph, old operator sets, functions taken apart.
 */
class ExportedByTorchTest {
    private static float[] counted(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    private static TensorProto scalar(String name, long value) {
        return TensorProto.newBuilder().setName(name).setDataType(7).addInt64Data(value).build();
    }

    private static AttributeProto tensor(String name, TensorProto value) {
        return AttributeProto.newBuilder().setName(name).setT(value).build();
    }

    private static TensorProto longs(long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(7).addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return tensor.build();
    }

    /** x.view(x.size(0), -1). */
    @Test
    void viewsByTheirOwnSizes() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 2, 3).output("y", 1, 6).tensor(scalar("zero", 0))
                .longs("axes", 0).longs("rest", -1).node("Shape", "x", "s").node("Gather", "s zero", "n")
                .node("Unsqueeze", "n axes", "u").node("Concat", "u rest", "c", integer("axis", 0))
                .node("Reshape", "x c", "y");
        assertThat(ImportedOnnx.of(model).run(counted(6))).containsExactly(counted(6));
    }

    /** Channel shuffle: sizes divided by the number of groups, five axes, two of them changed over. */
    @Test
    void channelsAreShuffled() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 4, 1, 2).output("y", 1, 4, 1, 2)
                .tensor(scalar("one", 1)).tensor(scalar("two", 2)).tensor(scalar("three", 3)).longs("axes", 0)
                .longs("first", 1).longs("groups", 2)
                .node("Shape", "x", "s").node("Gather", "s one", "c").node("Gather", "s two", "h")
                .node("Gather", "s three", "w").node("Div", "c two", "d").node("Unsqueeze", "d axes", "du")
                .node("Unsqueeze", "h axes", "hu").node("Unsqueeze", "w axes", "wu").node("Unsqueeze", "c axes", "cu")
                .node("Concat", "first groups du hu wu", "five", integer("axis", 0)).node("Reshape", "x five", "r")
                .node("Transpose", "r", "t", integers("perm", 0L, 2L, 1L, 3L, 4L))
                .node("Concat", "first cu hu wu", "four", integer("axis", 0)).node("Reshape", "t four", "y");
        assertThat(ImportedOnnx.of(model).run(counted(8))).containsExactly(0, 1, 4, 5, 2, 3, 6, 7);
    }

    /** t.expand(-1, 3): the sizes that are -1 become 1 through ConstantOfShape, Mul, Equal and Where. */
    @Test
    void expandsByComparedSizes() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 2, 1).output("y", 1, 2, 3).longs("wanted", 1, -1, 3)
                .longs("rank", 3).tensor(scalar("minus", -1))
                .node("ConstantOfShape", "rank", "ones", tensor("value", longs(1)))
                .node("Mul", "ones minus", "signs").node("Equal", "wanted signs", "open")
                .node("Where", "open ones wanted", "sizes").node("Expand", "x sizes", "y");
        assertThat(ImportedOnnx.of(model).run(5, 7)).containsExactly(5, 5, 5, 7, 7, 7);
    }

    /** nn.functional.interpolate(x, scale_factor=2) with the sizes computed through floats. */
    @Test
    void resizesToComputedSizes() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 1, 1, 2).output("y", 1, 1, 2, 4).longs("from", 2)
                .longs("to", 4).longs("start", 0).longs("none").floats("factor", List.of(), 2)
                .tensor(TensorProto.newBuilder().setName("nothing").setDataType(1).addDims(0).build())
                .node("Shape", "x", "s").node("Slice", "s from to", "hw").node("Cast", "hw", "f", integer("to", 1))
                .node("Mul", "f factor", "g").node("Floor", "g", "h").node("Cast", "h", "i", integer("to", 7))
                .node("Slice", "s start from", "nc").node("Concat", "nc i", "sizes", integer("axis", 0))
                .node("Resize", "x nothing nothing sizes", "y", text("coordinate_transformation_mode", "asymmetric"),
                        text("mode", "nearest"), text("nearest_mode", "floor"));
        assertThat(ImportedOnnx.of(model).run(1, 2)).containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
    }

    /** Positions by Range, masks by comparisons, all of constants. */
    @Test
    void rangesAndMasksAreComputed() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 4).output("y", 1, 4).tensor(scalar("zero", 0))
                .tensor(scalar("one", 1)).tensor(scalar("two", 2)).floats("yes", List.of(), 10)
                .floats("no", List.of(), 0.5f).node("Shape", "x", "s").node("Gather", "s one", "n")
                .node("Range", "zero n one", "r").node("Less", "r two", "low").node("Where", "low yes no", "mask")
                .node("Mul", "x mask", "y");
        assertThat(ImportedOnnx.of(model).run(1, 2, 3, 4)).containsExactly(10, 20, 1.5f, 2);
    }

    /** nn.LayerNorm before operator set 17. */
    @Test
    void layerNormTakenApart() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 2, 4).output("y", 1, 2, 4).floats("two", List.of(), 2)
                .floats("eps", List.of(), 0).floats("g", List.of(4L), 1, 1, 1, 2).floats("b", List.of(4L), 0, 0, 1, 0)
                .node("ReduceMean", "x", "m", integers("axes", -1L)).node("Sub", "x m", "c")
                .node("Pow", "c two", "q").node("ReduceMean", "q", "v", integers("axes", -1L))
                .node("Add", "v eps", "e").node("Sqrt", "e", "d").node("Div", "c d", "n").node("Mul", "n g", "s")
                .node("Add", "s b", "y");
        assertThat(ImportedOnnx.of(model).run(1, 1, 3, 3, 0, 4, 0, 4)).containsExactly(-1, -1, 2, 2, -1, 1, 0, 2);
    }

    /** Focus and space-to-depth by slices with steps; a flip by a step of -1. */
    @Test
    void slicesWithSteps() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 1, 2, 4).output("y", 1, 2, 2, 2).longs("zero", 0)
                .longs("one", 1).longs("end", Long.MAX_VALUE).longs("axis", 3).longs("two", 2)
                .node("Slice", "x zero end axis two", "even").node("Slice", "x one end axis two", "odd")
                .node("Concat", "even odd", "y", integer("axis", 1));
        assertThat(ImportedOnnx.of(model).run(counted(8))).containsExactly(0, 2, 4, 6, 1, 3, 5, 7);
        OnnxModels flipped = new OnnxModels(13).input("x", 1, 4).output("y", 1, 4).longs("from", -1)
                .longs("to", Long.MIN_VALUE).longs("axis", 1).longs("step", -1)
                .node("Slice", "x from to axis step", "y");
        assertThat(ImportedOnnx.of(flipped).run(counted(4))).containsExactly(3, 2, 1, 0);
    }

    @ParameterizedTest
    @CsvSource({"reflect, '2 1 0 1 2 1 5 4 3 4 5 4 2 1 0 1 2 1'", "edge, '0 0 0 1 2 2 3 3 3 4 5 5 3 3 3 4 5 5'",
        "wrap, '1 2 0 1 2 0 4 5 3 4 5 3 1 2 0 1 2 0'", "constant, '9 9 0 1 2 9 9 9 3 4 5 9 9 9 9 9 9 9'"})
    void paddingOfEveryKind(String mode, String wanted) {
        OnnxModels model = new OnnxModels(19).input("x", 1, 1, 2, 3).output("y", 1, 1, 3, 6)
                .longs("pads", 0, 0, 0, 2, 0, 0, 1, 1).floats("nine", List.of(), 9)
                .node("Pad", mode.equals("constant") ? "x pads nine" : "x pads", "y", text("mode", mode));
        float[] numbers = new float[18];
        String[] listed = wanted.split(" ");
        for (int i = 0; i < 18; i++) {
            numbers[i] = Float.parseFloat(listed[i]);
        }
        assertThat(ImportedOnnx.of(model).run(counted(6))).containsExactly(numbers);
    }

    /**
     * Operator set 6: operands stretched along a named axis, Gemm with its own broadcast, BatchNormalization's flags.
     */
    @Test
    void operatorsOfOldSets() {
        OnnxModels model = new OnnxModels(6).input("x", 1, 2, 1, 2).output("y", 1, 3)
                .floats("a", List.of(2L), 1, 2).floats("g", List.of(2L), 2, 2).floats("b", List.of(2L), 0, 1)
                .floats("m", List.of(2L), 1, 1).floats("v", List.of(2L), 1, 1)
                .floats("w", List.of(3L, 4L), 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 1).floats("c", List.of(3L), 0, 10, 0)
                .node("Add", "x a", "p", integer("broadcast", 1), integer("axis", 1))
                .node("BatchNormalization", "p g b m v", "n", decimal("epsilon", 0), integer("is_test", 1),
                        integers("consumed_inputs", 0L, 0L, 0L, 1L, 1L))
                .node("Dropout", "n", "d", integer("is_test", 1)).node("Flatten", "d", "f")
                .node("Gemm", "f w c", "y", integer("broadcast", 1), integer("transB", 1));
        // 2 (x + 1 - 1) and 2 (x + 2 - 1) + 1.
        assertThat(ImportedOnnx.of(model).run(1, 2, 3, 4)).containsExactly(2, 4 + 10, 2 + 4 + 9 + 11);
    }

    @Test
    void powersOfData() {
        float[][] wanted = {{-1, 0.5f}, {-2, 0.25f}, {-0.5f, (float) (1 / Math.sqrt(2))}, {4, 16}, {5, 32},
            {1.5f, (float) (2 * Math.sqrt(2))}};
        for (float[] each : wanted) {
            OnnxModels model = new OnnxModels(13).input("x", 1, 1).output("y", 1, 1).floats("p", List.of(), each[0])
                    .node("Pow", "x p", "y");
            assertThat(ImportedOnnx.of(model).run(2)[0]).isCloseTo(each[1],
                    within(1e-6f));
        }
    }

    @Test
    void pixelShuffleAsSixAxes() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 4, 1, 2).output("y", 1, 1, 2, 4)
                .longs("six", -1, 1, 2, 2, 1, 2).longs("four", -1, 1, 2, 4).node("Reshape", "x six", "r")
                .node("Transpose", "r", "t", integers("perm", 0L, 1L, 4L, 2L, 5L, 3L)).node("Reshape", "t four", "y");
        assertThat(ImportedOnnx.of(model).run(counted(8))).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
        OnnxModels crd = new OnnxModels(13).input("x", 1, 4, 1, 2).output("y", 1, 1, 2, 4)
                .node("DepthToSpace", "x", "y", integer("blocksize", 2), text("mode", "CRD"));
        assertThat(ImportedOnnx.of(crd).run(counted(8))).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
        OnnxModels dcr = new OnnxModels(13).input("x", 1, 8, 1, 1).output("y", 1, 2, 2, 2)
                .node("DepthToSpace", "x", "y", integer("blocksize", 2));
        assertThat(ImportedOnnx.of(dcr).run(counted(8))).containsExactly(0, 2, 4, 6, 1, 3, 5, 7);
    }

    /** nn.MaxPool1d(2, stride=1, padding=1, dilation=2), and nn.AvgPool3d(2): taps one by one. */
    @Test
    void windowsThatPoolsDoNotHave() {
        OnnxModels gaps = new OnnxModels(10).input("x", 1, 1, 5).output("y", 1, 1, 5)
                .node("MaxPool", "x", "y", integers("kernel_shape", 2L), integers("strides", 1L),
                        integers("pads", 1L, 1L), integers("dilations", 2L));
        assertThat(ImportedOnnx.of(gaps).run(-1, -5, -3, -2, -4)).containsExactly(-5, -1, -2, -3, -2);
        OnnxModels cubes = new OnnxModels(11).input("x", 1, 1, 2, 2, 4).output("y", 1, 1, 1, 1, 2)
                .node("AveragePool", "x", "y", integers("kernel_shape", 2L, 2L, 2L),
                        integers("strides", 2L, 2L, 2L));
        // 0 1 4 5 8 9 12 13, and each of them and 2.
        assertThat(ImportedOnnx.of(cubes).run(counted(16))).containsExactly(6.5f, 8.5f);
    }

    /** Weights that are listed as inputs, too, as up to operator set 8; nn.MaxPool1d over twenty lines. */
    @Test
    void oldFilesAndLargeBatches() {
        OnnxModels model = new OnnxModels(8).input("x", 20, 1, 4).input("s", 1).output("y", 20, 1, 2)
                .floats("s", List.of(1L), 3).node("MaxPool", "x", "m", integers("kernel_shape", 3L))
                .node("Mul", "m s", "y");
        float[] wanted = new float[40];
        for (int i = 0; i < 40; i++) {
            wanted[i] = 3 * (i / 2 * 4 + i % 2 + 2);
        }
        assertThat(ImportedOnnx.of(model).run(counted(80))).containsExactly(wanted);
    }

    /** nn.GLU, and repeat. */
    @Test
    void gatesAndCopies() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 4).output("y", 1, 6).longs("parts", 2, 2)
                .longs("times", 1, 3).node("Split", "x parts", "a b", integer("axis", 1)).node("Sigmoid", "b", "s")
                .node("Mul", "a s", "m").node("Tile", "m times", "y");
        assertThat(ImportedOnnx.of(model).run(4, -6, 0, 0)).containsExactly(2, -3, 2, -3, 2, -3);
    }

    /** x.max(dim), argmax with the axis kept, logsumexp by parts, on any axis. */
    @Test
    void reductionsOverAxesFromTheEnd() {
        OnnxModels model = new OnnxModels(18).input("x", 1, 2, 3).output("y", 1, 2).longs("last", -1)
                .node("ReduceMax", "x last", "m", integer("keepdims", 0)).node("ReduceSum", "x last", "s",
                        integer("keepdims", 0))
                .node("Sub", "s m", "y");
        assertThat(ImportedOnnx.of(model).run(1, 2, 3, 6, 5, 4)).containsExactly(3, 9);
    }

    @Test
    void logSoftmaxKeepsWhatIsSmall() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 3).output("y", 1, 3)
                .node("LogSoftmax", "x", "y", integer("axis", -1));
        float[] found = ImportedOnnx.of(model).run(0, 100, 100);
        float half = (float) -Math.log(2);
        assertThat(found[0]).isEqualTo(-100 + half);
        assertThat(found[1]).isCloseTo(half, within(1e-6f));
    }

    /** x / sqrt(mean(x^2) + eps) * gamma, whole and taken apart. */
    @Test
    void rmsNormalization() {
        OnnxModels whole = new OnnxModels(23).input("x", 1, 2, 2).output("y", 1, 2, 2).floats("g", List.of(2L), 1, 3)
                .node("RMSNormalization", "x g", "y", integer("axis", -1), decimal("epsilon", 0));
        assertThat(ImportedOnnx.of(whole).run(1, 7, -5, 5)).containsExactly(0.2f, 4.2f, -1, 3);
        OnnxModels apart = new OnnxModels(18).input("x", 1, 2, 2).output("y", 1, 2, 2).floats("g", List.of(2L), 1, 3)
                .floats("two", List.of(), 2).floats("eps", List.of(), 0).floats("one", List.of(), 1).longs("last", -1)
                .node("Pow", "x two", "q").node("ReduceMean", "q last", "m").node("Add", "m eps", "e")
                .node("Sqrt", "e", "r").node("Div", "one r", "i").node("Mul", "x i", "n").node("Mul", "n g", "y");
        assertThat(ImportedOnnx.of(apart).run(1, 7, -5, 5)).containsExactly(0.2f, 4.2f, -1, 3);
    }

    @Test
    void dynamicallyQuantizedOperandsKeepTheirZeroPoints() {
        OnnxModels model = new OnnxModels(13).input("x", 1, 3).output("y", 1, 1)
                .bytes("w", 2, List.of(3L, 1L), 130, 127, 128).bytes("wz", 2, List.of(), 128)
                .floats("ws", List.of(), 0.5f).node("DynamicQuantizeLinear", "x", "q s z")
                .node("MatMulInteger", "q w z wz", "p").node("Cast", "p", "f", integer("to", 1))
                .node("Mul", "s ws", "both").node("Mul", "f both", "y");
        // -55..200 in steps of 1 with the zero point 55; the weights are 2, -1 and 0.
        assertThat(ImportedOnnx.of(model).run(-55, 200, 10)).containsExactly(0.5f * (-110 - 200));
    }

    /** Scales and zero points for blocks of two along an axis. */
    @Test
    void weightsInBlocks() {
        OnnxModels model = new OnnxModels(21).input("x", 1, 4).output("y", 1, 2)
                .bytes("w", 3, List.of(4L, 2L), 1, 2, 3, 4, 5, 6, 7, 8)
                .floats("s", List.of(2L, 2L), 1, 0.5f, 0.25f, 2).bytes("z", 3, List.of(2L, 2L), 1, 0, 0, -1)
                .node("DequantizeLinear", "w s z", "v", integer("axis", 0), integer("block_size", 2))
                .node("MatMul", "x v", "y");
        // Columns (0, 2, 1.25, 1.75) and (1, 2, 14, 18).
        assertThat(ImportedOnnx.of(model).run(1, 1, 1, 1)).containsExactly(5, 35);
        assertThat(ImportedOnnx.of(model).run(1, 10, 100, 1000)).containsExactly(20 + 125 + 1750, 1 + 20 + 1400
                + 18000);
    }

    private static byte[] nibbles(int... codes) {
        byte[] bytes = new byte[(codes.length + 1) / 2];
        for (int i = 0; i < codes.length; i++) {
            bytes[i / 2] |= (byte) (codes[i] << i % 2 * 4);
        }
        return bytes;
    }

    private static TensorProto packed(String name, List<Long> shape, byte... bytes) {
        return TensorProto.newBuilder().setName(name).setDataType(2).addAllDims(shape)
                .setRawData(ByteString.copyFrom(bytes)).build();
    }

    private static OnnxModels nBits(int inputs, int outputs, int block, int bits) {
        return new OnnxModels(21).domain("com.microsoft", 1).input("x", 1, inputs).output("y", 1, outputs)
                .node("com.microsoft", "MatMulNBits", "x w s" + (bits == 4 ? " z" : ""), "y", integer("K", inputs),
                        integer("N", outputs), integer("bits", bits), integer("block_size", block));
    }

    /** Blocks of 16 that the 20 inputs do not fill; zero points in nibbles, a row in whole bytes. */
    @Test
    void weightsOfFourBitsWithScalesForBlocks() {
        int[] first = IntStream.range(0, 32).map(i -> i % 16).toArray();
        int[] second = IntStream.range(0, 32).map(i -> 15 - i % 16).toArray();
        byte[] codes = nibbles(IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray());
        OnnxModels model = nBits(20, 2, 16, 4).tensor(packed("w", List.of(2L, 2L, 8L), codes))
                .floats("s", List.of(4L), 1, 0.5f, 2, 0.25f).tensor(packed("z", List.of(2L), nibbles(8, 3, 0, 15)));
        float[] x = new float[20];
        float[] wanted = new float[2];
        for (int i = 0; i < 20; i++) {
            x[i] = i - 7;
            wanted[0] += x[i] * (i < 16 ? first[i] - 8 : (first[i] - 3) * 0.5f);
            wanted[1] += x[i] * (i < 16 ? second[i] * 2 : (second[i] - 15) * 0.25f);
        }
        assertThat(ImportedOnnx.of(model).run(x)).containsExactly(wanted);
    }

    /** One block for all inputs: the codes stay, without a zero point of 128 or 2. */
    @ParameterizedTest
    @CsvSource({"8, 'int(8)'", "2, 'int(3)'"})
    void oneBlockKeepsItsCodes(int bits, String scheme) {
        int zero = 1 << bits - 1;
        int[] codes = IntStream.range(0, 16).map(i -> i * 37 % (1 << bits)).toArray();
        byte[] bytes = new byte[16 * bits / 8];
        for (int i = 0; i < 16; i++) {
            bytes[i * bits / 8] |= (byte) (codes[i] << i * bits % 8);
        }
        OnnxModels model = nBits(16, 1, 16, bits).tensor(packed("w", List.of(1L, 1L, (long) bytes.length), bytes))
                .floats("s", List.of(1L), 0.5f);
        ImportedOnnx imported = ImportedOnnx.of(model);
        assertThat(imported.body()).contains("weights: " + scheme);
        float[] x = counted(16);
        float wanted = 0;
        for (int i = 0; i < 16; i++) {
            wanted += x[i] * (codes[i] - zero) * 0.5f;
        }
        assertThat(imported.run(x)).containsExactly(wanted);
    }

    /** int4, uint4, int2 and uint2 codes, the first in the lowest bits, with a scale for each output. */
    @ParameterizedTest
    @CsvSource({"22, 4, true, 'int(4)'", "21, 4, false, 'int(5)'", "26, 2, true, 'int(3)'", "25, 2, false, 'int(3)'"})
    void weightsOfFewBits(int type, int bits, boolean signed, String scheme) {
        int mask = (1 << bits) - 1;
        int[] codes = IntStream.range(0, 8).map(i -> i * 5 + 2 & mask).toArray();
        byte[] bytes = new byte[bits];
        for (int i = 0; i < 8; i++) {
            bytes[i * bits / 8] |= (byte) (codes[i] << i * bits % 8);
        }
        OnnxModels model = new OnnxModels(25).input("x", 1, 4).output("y", 1, 2)
                .tensor(TensorProto.newBuilder().setName("w").setDataType(type).addDims(4).addDims(2)
                        .setRawData(ByteString.copyFrom(bytes)).build())
                .floats("s", List.of(2L), 0.5f, 2).floats("a", List.of(), 0.5f).bytes("z", 3, List.of(), 0)
                .node("QuantizeLinear", "x a z", "q").node("DequantizeLinear", "q a z", "d")
                .node("DequantizeLinear", "w s", "v", integer("axis", 1)).node("MatMul", "d v", "y");
        ImportedOnnx imported = ImportedOnnx.of(model);
        assertThat(imported.body()).contains("weights: " + scheme, "activations: static(8, scale: 0.5)");
        float[] x = {1, -2, 0.5f, 3};
        float[] wanted = new float[2];
        for (int i = 0; i < 8; i++) {
            int code = signed && codes[i] > mask / 2 ? codes[i] - mask - 1 : codes[i];
            wanted[i % 2] += x[i / 2] * code * (i % 2 == 0 ? 0.5f : 2);
        }
        assertThat(imported.run(x)).containsExactly(wanted);
    }

    /** nn.ConvTranspose1d, and places that only output_padding makes, which hold the bias. */
    @Test
    void transposedConvolutionsOfLines() {
        OnnxModels line = new OnnxModels(13).input("x", 1, 1, 3).output("y", 1, 2, 6)
                .floats("w", List.of(1L, 2L, 2L), 1, 10, 100, 0).floats("b", List.of(2L), 0.5f, -1)
                .node("ConvTranspose", "x w b", "y", integers("strides", 2L));
        assertThat(ImportedOnnx.of(line).run(1, 2, 3)).containsExactly(1.5f, 10.5f, 2.5f, 20.5f, 3.5f, 30.5f, 99, -1,
                199, -1, 299, -1);
        OnnxModels beyond = new OnnxModels(13).input("x", 1, 1, 1, 2).output("y", 1, 1, 2, 5)
                .floats("w", List.of(1L, 1L, 1L, 2L), 1, 10).floats("b", List.of(1L), 7)
                .node("ConvTranspose", "x w b", "y", integers("strides", 2L, 2L),
                        integers("output_padding", 1L, 1L));
        assertThat(ImportedOnnx.of(beyond).run(1, 2)).containsExactly(8, 17, 9, 27, 7, 7, 7, 7, 7, 7);
    }

    /** (x - mean) / std of each channel: a division in f32 and no product with a reciprocal. */
    @Test
    void divisionByChannels() {
        float[] means = {0.485f, 0.456f, 0.406f};
        float[] deviations = {0.229f, 0.224f, 0.225f};
        OnnxModels model = new OnnxModels(13).input("x", 1, 3, 1, 100).output("y", 1, 3, 1, 100)
                .floats("m", List.of(1L, 3L, 1L, 1L), means).floats("s", List.of(1L, 3L, 1L, 1L), deviations)
                .node("Sub", "x m", "c").node("Div", "c s", "y");
        float[] x = new float[300];
        float[] wanted = new float[300];
        for (int i = 0; i < 300; i++) {
            x[i] = i * 77 % 256 / 255f;
            wanted[i] = (x[i] - means[i / 100]) / deviations[i / 100];
        }
        ImportedOnnx imported = ImportedOnnx.of(model);
        assertThat(imported.body()).contains("scale(divide: true");
        assertThat(imported.run(x)).containsExactly(wanted);
    }
}
