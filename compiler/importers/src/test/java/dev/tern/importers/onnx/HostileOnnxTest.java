package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.protobuf.ByteString;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.importers.onnx.schema.StringStringEntryProto;
import dev.tern.importers.onnx.schema.TensorProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that lie: each ends with a diagnostic, soon, and within the 512 MB that these tests run with. */
class HostileOnnxTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    /** The first message; empty where the file is taken. */
    private String read(byte[] bytes) throws IOException {
        Path file = Files.write(Files.createDirectories(folder.resolve("models")).resolve("hostile.onnx"), bytes);
        Diagnostics diagnostics = new Diagnostics();
        Optional<ImportedModel> model = assertTimeoutPreemptively(SOON,
                () -> new OnnxFormat().read(file, "hostile.onnx", ImportOptions.DEFAULT, diagnostics));
        assertThat(model.isPresent()).isEqualTo(diagnostics.list().isEmpty());
        return diagnostics.list().stream().map(Diagnostic::message).findFirst().orElse("");
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of("nothing computes `a`, which the node `` reads",
                        new OnnxModels(13).input("x", 1).output("y", 1).node("Add", "x a", "y")),
                Arguments.of("`b` depends on itself",
                        new OnnxModels(13).input("x", 1).output("y", 1).node("Add", "x b", "a").node("Relu", "a", "b")
                                .node("Relu", "b", "y")),
                Arguments.of("two nodes compute `y`",
                        new OnnxModels(13).input("x", 1).output("y", 1).node("Relu", "x", "y").node("Tanh", "x", "y")),
                Arguments.of("the tensor `w` is not whole: it has 4 bytes where its shape asks for 400",
                        new OnnxModels(13).input("x", 1, 100).output("y", 1, 100)
                                .tensor(raw("w", 4, 100)).node("Add", "x w", "y")),
                Arguments.of("a tensor of shape [65536, 65536] has more than 2^28 elements",
                        new OnnxModels(13).input("x", 1).output("y", 1).tensor(raw("w", 4, 65536, 65536))
                                .node("Add", "x w", "y")),
                Arguments.of("the tensor `w` has an axis of -1",
                        new OnnxModels(13).input("x", 1).output("y", 1).tensor(raw("w", 4, -1)).node("Add", "x w",
                                "y")),
                Arguments.of("the tensor `w` has an axis of 9223372036854775807",
                        new OnnxModels(13).input("x", 1).output("y", 1).tensor(raw("w", 4, Long.MAX_VALUE))
                                .node("Add", "x w", "y")),
                Arguments.of("a tensor of shape [100000, 100000] has more than 2^28 elements",
                        new OnnxModels(13).input("x", 100_000, 100_000).output("y", 1).node("Relu", "x", "y")),
                Arguments.of("`e` (Expand): the constants that the network computes have more than 2^25 elements",
                        new OnnxModels(13).input("x", 1).output("y", 1).longs("s", 1 << 27)
                                .floats("one", List.of(1L), 1).node("Expand", "one s", "e").node("Add", "x e", "y")),
                Arguments.of("`e` (ConstantOfShape): a tensor of shape [2147483647, 2147483647] has more than 2^28 "
                        + "elements",
                        new OnnxModels(13).input("x", 1).output("y", 1).longs("s", Long.MAX_VALUE, Long.MAX_VALUE)
                                .node("ConstantOfShape", "s", "e").node("Add", "x e", "y")),
                Arguments.of("`y` (Conv): kernel of 0 are not possible",
                        new OnnxModels(13).input("x", 1, 1, 4, 4).output("y", 1).floats("w", List.of(1L, 1L, 1L, 1L), 1)
                                .node("Conv", "x w", "y", OnnxModels.integers("kernel_shape", 0L, 1L))),
                Arguments.of("`y` (Conv): strides of 0 are not possible",
                        new OnnxModels(13).input("x", 1, 1, 4, 4).output("y", 1).floats("w", List.of(1L, 1L, 1L, 1L), 1)
                                .node("Conv", "x w", "y", OnnxModels.integers("strides", 0L, 1L))),
                Arguments.of("`y` (Reshape): [1, 4] cannot become [3]",
                        new OnnxModels(13).input("x", 1, 4).output("y", 3).longs("s", 3).node("Reshape", "x s", "y")),
                Arguments.of("`y`: Tern does not have the operator LSTM",
                        new OnnxModels(13).input("x", 1, 4).output("y", 3).node("LSTM", "x", "y")),
                Arguments.of("a model cannot read `../secret`: it climbs out of the model's folder",
                        new OnnxModels(13).input("x", 1).output("y", 1).tensor(outside("../secret", "0"))
                                .node("Add", "x w", "y")),
                Arguments.of("a model cannot read `/etc/passwd`: it is an absolute path",
                        new OnnxModels(13).input("x", 1).output("y", 1).tensor(outside("/etc/passwd", "0"))
                                .node("Add", "x w", "y")),
                Arguments.of("`q` (QuantizeLinear): activations with the scale -0.5 are not supported",
                        new OnnxModels(13).input("x", 1, 4).output("y", 1, 4).floats("s", List.of(), -0.5f)
                                .bytes("z", 3, List.of(), 0).node("QuantizeLinear", "x s z", "q")
                                .node("DequantizeLinear", "q s z", "y")),
                Arguments.of("the model has no outputs", new OnnxModels(13).input("x", 1)));
    }

    private static TensorProto raw(String name, int bytes, long... shape) {
        return TensorProto.newBuilder().setName(name).setDataType(1)
                .addAllDims(Arrays.stream(shape).boxed().toList()).setRawData(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    private static TensorProto outside(String location, String offset) {
        return TensorProto.newBuilder().setName("w").setDataType(1).addDims(1).setDataLocation(1)
                .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
                .addExternalData(StringStringEntryProto.newBuilder().setKey("offset").setValue(offset)).build();
    }

    @ParameterizedTest
    @MethodSource("lies")
    void isRefused(String message, OnnxModels model) throws IOException {
        assertThat(read(model.build())).isEqualTo(message);
    }

    /** All that is not supported is named with its node, file and a way out, not the first alone. */
    @Test
    void allThatIsUnsupportedIsNamed() {
        Diagnostics unknown = new Diagnostics();
        ImportedOnnx.read(new OnnxModels(13).input("x", 1, 4).output("y", 1, 4).node("LSTM", "x", "a")
                .node("Relu", "a", "b").node("NonZero", "b", "c").node("my.domain", "Swizzle", "c", "y").build(),
                unknown);
        assertThat(DiagnosticRenderer.render(unknown.list())).isEqualTo("""
                error[T0703]: `a`: Tern does not have the operator LSTM
                 --> net.onnx, node a
                  = help: recurrent networks are not supported; a convolution along time often does as well

                error[T0703]: `c`: Tern does not have the operator NonZero
                 --> net.onnx, node c
                  = help: its result has no fixed shape: cut the model in front of it

                error[T0703]: `y`: Tern does not have the operator my.domain.Swizzle
                 --> net.onnx, node y
                  = help: export the model with operators of the standard (onnx.ai) or of QONNX, or cut it in front of \
                this node
                """);
        Diagnostics uses = new Diagnostics();
        ImportedOnnx.read(new OnnxModels(13).domain("qonnx.custom_op.general", 1).input("x", 1, 1, 4, 4)
                .output("y", 1, 1, 4, 4).output("z", 1, 1, 4, 4).node("Sin", "x", "y")
                .node("qonnx.custom_op.general", "FloatQuant", "x", "z").build(), uses);
        assertThat(DiagnosticRenderer.render(uses.list())).contains("`z` (FloatQuant): FloatQuant rounds to small",
                "help: quantize to integers (IntQuant)");
        ImportedOnnx.read(new OnnxModels(13).input("x", 1, 4).output("y", 1, 4).output("z", 1, 4)
                .node("Sin", "x", "y").node("Floor", "x", "z").build(), uses);
        assertThat(DiagnosticRenderer.render(uses.list())).contains("`y` (Sin): Tern has no op for the function sin",
                "`z` (Floor): Tern has no op for the function floor");
    }

    @Test
    void dataInTheFolderIsRead() throws IOException {
        Path data = Files.createDirectories(folder.resolve("models")).resolve("data.bin");
        Files.write(data, new byte[]{0, 0, 0, 0, 0, 0, -128, 63});
        OnnxModels model = new OnnxModels(13).input("x", 1, 2).output("y", 1, 2).tensor(outside("data.bin", "4"))
                .node("Add", "x w", "y");
        assertThat(read(model.build())).isEmpty();
        OnnxModels behind = new OnnxModels(13).input("x", 1, 2).output("y", 1, 2).tensor(outside("data.bin", "5"))
                .node("Add", "x w", "y");
        assertThat(read(behind.build())).isEqualTo(
                "the tensor `w` is not whole: `data.bin` does not hold 4 bytes for it at 5");
    }

    @Test
    void aLengthOfTwoGigabytesIsNotAllocated() throws IOException {
        // Field 7, the graph, of 2^31 - 1 bytes.
        assertThat(read(new byte[]{0x3a, -1, -1, -1, -1, 7})).startsWith("this is no ONNX model, or it is damaged: ");
        assertThat(read(new byte[0])).isEqualTo("this is an empty file");
        assertThat(read(new byte[]{8, 7})).isEqualTo("this is no ONNX model: it holds no graph");
    }

    @Test
    void nestingIsBounded() throws IOException {
        byte[] inner = new byte[0];
        for (int depth = 0; depth < 500; depth++) {
            // A graph in an attribute of a node in a graph: fields 1, 5 and 6.
            inner = field(1, field(5, field(6, inner)));
        }
        assertThat(read(field(7, inner))).startsWith("this is no ONNX model, or it is damaged: ");
    }

    private static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(number << 3 | 2);
        int length = content.length;
        while (length > 127) {
            bytes.write(length & 127 | 128);
            length >>= 7;
        }
        bytes.write(length);
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    @Test
    void messagesAreCountedBeforeTheyAreMade() throws IOException {
        // Nodes of nothing, two bytes each.
        byte[] nodes = new byte[2 * 2_000_001];
        for (int i = 0; i < nodes.length; i += 2) {
            nodes[i] = 1 << 3 | 2;
        }
        assertThat(read(field(7, nodes))).isEqualTo(
                "this is no ONNX model, or it is damaged: more than 2000000 nodes, tensors and names");
    }

    @Test
    void aChainOfManyNodesNeedsNoStack() throws IOException {
        OnnxModels model = new OnnxModels(13).input("v0", 1, 2).output("v5000", 1, 2);
        for (int i = 5000; i > 0; i--) {
            model.node("Relu", "v" + (i - 1), "v" + i);
        }
        assertThat(read(model.build())).isEmpty();
    }
}
