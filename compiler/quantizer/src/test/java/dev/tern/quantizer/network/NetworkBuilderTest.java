package dev.tern.quantizer.network;

import static dev.tern.quantizer.GraphSketch.FLOAT;
import static dev.tern.quantizer.GraphSketch.TWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.quantizer.GraphSketch;
import dev.tern.quantizer.GraphSketch.Quantized;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkBuilderTest {
    @Test
    void parametersAreTheGraphs() {
        Network network = NetworkBuilder.build(GraphSketch.digits(), 2, 1);
        assertThat(network.parameters()).extracting(TrainedParameter::path).containsExactly("stem.conv.weight",
                "stem.batchnorm.gamma", "stem.batchnorm.beta", "stem.batchnorm.mean", "stem.batchnorm.variance",
                "body.conv.weight", "body.batchnorm.gamma", "body.batchnorm.beta", "body.batchnorm.mean",
                "body.batchnorm.variance", "scores.dense.weight");
        assertThat(network.output().shape()).isEqualTo(Shape.of(10));
    }

    @Test
    void onlyBinaryWeightsAreLimited() {
        assertThat(NetworkBuilder.build(GraphSketch.tinyMlp(), 2, 1).parameters())
                .allSatisfy(p -> assertThat(p.limit()).isEqualTo(p.path().endsWith("weight") ? 1f : Float.MAX_VALUE));
        assertThat(NetworkBuilder.build(GraphSketch.digits(), 2, 1).parameters())
                .allSatisfy(p -> assertThat(p.limit()).isEqualTo(Float.MAX_VALUE));
    }

    @Test
    void aParameterStartsTheSameWhateverStandsBeforeIt() {
        GraphSketch alone = new GraphSketch();
        ValueId scores = alone.dense("scores", alone.input(8), 4, TWN, FLOAT);
        GraphSketch after = new GraphSketch();
        ValueId hidden = after.dense("hidden", after.input(3), 8, TWN, FLOAT);
        ValueId last = after.dense("scores", hidden, 4, TWN, FLOAT);
        assertThat(NetworkBuilder.build(after.graph(last), 1, 5).parameters().get(1).signal().value())
                .isEqualTo(NetworkBuilder.build(alone.graph(scores), 1, 5).parameters().get(0).signal().value());
    }

    @Test
    void everyOperationThatCannotBeTrainedIsNamed() {
        GraphSketch g = new GraphSketch();
        ValueId x = g.input(6);
        ValueId index = g.add(new Operation.ArgMax(x));
        ValueId unknown = g.add(new Operation.NotLowered("attention", "", List.of(x)), TensorType.f32(6));
        ValueId both = g.combine(BinaryFunction.ADD, g.dense("b", unknown, 4, TWN, FLOAT),
                g.add(new Operation.Rescale(index, Optional.empty(), Optional.empty())));
        CompilationFailedException failure = catchThrowableOfType(CompilationFailedException.class,
                () -> NetworkBuilder.build(g.graph(both), 1, 1));
        assertThat(failure.diagnostics()).extracting(Diagnostic::code).containsOnly(DiagnosticCode.NOT_TRAINABLE);
        assertThat(failure.diagnostics()).extracting(Diagnostic::message)
                .containsExactly("cannot train argmax other than at the output", "cannot train attention");
    }

    @Test
    void weightsOfAnotherShapeStartAsWeights() {
        GraphSketch g = new GraphSketch();
        ValueId x = g.input(6);
        ValueId flat = g.parameter("weight", 24);
        ValueId y = g.add(new Operation.Dense(x, Optional.empty(), g.reshape(flat, 4, 6)));
        assertThat(NetworkBuilder.build(g.graph(y), 1, 1).parameters().getFirst().signal().value())
                .doesNotContain(0f);
    }

    @Test
    void aScaleFromElsewhereIsRefused() {
        GraphSketch g = new GraphSketch();
        ValueId x = g.input(6);
        ValueId scale = g.constant(Tensor.of(0.1f, 0.2f));
        ValueId range = g.add(new Operation.MeasureRange(scale, false));
        Quantized codes = new Quantized(g.add(new Operation.Quantize(x,
                g.add(new Operation.RangeScale(range, GraphSketch.unsigned(4))), Optional.empty(),
                GraphSketch.unsigned(4))), Optional.empty(), Optional.empty());
        ValueId y = g.dense("a", x, 4, TWN, (_, _) -> codes);
        CompilationFailedException failure = catchThrowableOfType(CompilationFailedException.class,
                () -> NetworkBuilder.build(g.graph(y), 1, 1));
        assertThat(failure).hasMessageContaining("neither static nor measured");
    }
}
