package dev.tern.compiler.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.KnownSign;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignsTest {
    private final GraphBuilder graph = new GraphBuilder("Signs", "signs.tern",
            new Origin("", new FilePosition("signs.tern", 0, "")));
    private final ValueId x = graph.input("x", new TensorType(ElementType.F32, Shape.of(4, 4, 2)));
    private final ValueId relu = graph.add(new Operation.Activation(ElementFunction.RELU, x));

    private KnownSign of(Operation operation) {
        ValueId id = graph.add(operation);
        return Signs.of(graph.build(), value -> false).of(id);
    }

    @Test
    void whatFollowsAReluKeepsItsSign() {
        assertThat(of(new Operation.Clip(relu, -1, 1))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.Activation(ElementFunction.TANH, relu))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.Activation(ElementFunction.GELU, relu))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.Activation(ElementFunction.SILU, relu))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.MaxPool(relu, Geometry.valid(2, 2, 2)))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.AvgPool(relu, Geometry.valid(2, 2, 2)))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.Concat(List.of(relu, relu), 2))).isEqualTo(KnownSign.NO_SIGN_BIT);
    }

    @Test
    void clipsAreReadByTheirEnds() {
        assertThat(of(new Operation.Clip(x, -1, 1))).isEqualTo(KnownSign.ANY);
        // -0 lies in 0..1 and stays.
        assertThat(of(new Operation.Clip(x, 0, 1))).isEqualTo(KnownSign.NOT_NEGATIVE);
        assertThat(of(new Operation.Clip(x, 0.5f, 1))).isEqualTo(KnownSign.NO_SIGN_BIT);
        // All that is above -1 becomes -1.
        assertThat(of(new Operation.Clip(relu, -2, -1))).isEqualTo(KnownSign.ANY);
    }

    @Test
    void ofTwoOperandsBothCount() {
        assertThat(of(new Operation.Elementwise(BinaryFunction.ADD, relu, relu))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.Elementwise(BinaryFunction.ADD, relu, x))).isEqualTo(KnownSign.ANY);
        assertThat(of(new Operation.Elementwise(BinaryFunction.SUBTRACT, relu, relu))).isEqualTo(KnownSign.ANY);
        assertThat(of(new Operation.Elementwise(BinaryFunction.MULTIPLY, x, x))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.Elementwise(BinaryFunction.MAXIMUM, x, relu))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.Elementwise(BinaryFunction.MINIMUM, x, relu))).isEqualTo(KnownSign.ANY);
    }

    @Test
    void codesAreReadBesideTheirZeroPoint() {
        ElementType.Code s8 = new ElementType.Code(8, true);
        ValueId codes = graph.input("codes", new TensorType(s8, Shape.of(3)));
        ValueId scale = graph.constant(Tensor.scalar(0.5f));
        ValueId lowest = graph.constant(Tensor.scalar(-128));
        assertThat(of(new Operation.Dequantize(codes, scale, Optional.of(lowest)))).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(of(new Operation.Dequantize(codes, scale, Optional.empty()))).isEqualTo(KnownSign.ANY);
        Grid u8 = new Grid(new ElementType.Code(8, false), Grid.Rule.MINMAX);
        ValueId zero = graph.constant(Tensor.scalar(3));
        ValueId quantized = graph.add(new Operation.Quantize(relu, scale, Optional.of(zero), u8));
        assertThat(of(new Operation.Dequantize(quantized, scale, Optional.of(zero)))).isEqualTo(KnownSign.NO_SIGN_BIT);
    }
}
