package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.draft.GraphDraft;
import dev.tern.compiler.analysis.draft.LayerScope;
import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.syntax.Argument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One application of an op: what it is applied to, and where its nodes and its errors go.
 *
 * @param operands the tensors, at least one
 * @param scope its layer
 * @param defaults the schemes of weighted ops that name none
 * @param span the call as written
 */
public record OpCall(OpDefinition op, List<Operand> operands, Arguments arguments, LayerScope scope, Schemes defaults,
        GraphDraft draft, SourceSpan span, Consumer<Diagnostic> report) implements NodeSink {
    /** The greatest code of a u8 input, which stands for 1 where no static scheme says otherwise. */
    private static final float BRIGHTEST = 255f;

    public OpCall {
        operands = List.copyOf(operands);
    }

    public String name() {
        return op.name();
    }

    /** The first operand. */
    public Operand x() {
        return operands.getFirst();
    }

    public <T> T get(OpParameter<T> parameter) {
        return arguments.get(parameter);
    }

    public <T> Optional<T> find(OpParameter<T> parameter) {
        return arguments.find(parameter);
    }

    public WeightScheme weights() {
        return find(Schemes.WEIGHTS).orElse(defaults.weights());
    }

    /** The scheme of the input: as given here, else none for a value of {@code quantize}, else the default. */
    public ActivationScheme activations() {
        return find(Schemes.ACTIVATIONS).orElseGet(
                () -> x().value().codes().isPresent() ? ActivationScheme.FLOAT : defaults.activations());
    }

    /** Where an argument was written, or the call where it was not. */
    public SourceSpan at(OpParameter<?> parameter) {
        return arguments.written(parameter).map(Argument::span).orElse(span);
    }

    // Errors

    /** Reports an error at the call that names the operands' types. */
    public <T> Optional<T> mismatch(String message) {
        return error(DiagnosticCode.SHAPE_MISMATCH, message, span);
    }

    public <T> Optional<T> error(DiagnosticCode code, String message, SourceSpan at, String... help) {
        Diagnostic diagnostic = Diagnostic.error(code, message, at, "");
        for (Operand operand : operands) {
            diagnostic = diagnostic.alsoAt(operand.span(), "this is " + TypeNames.of(operand.value().type()));
        }
        for (String line : help) {
            diagnostic = diagnostic.help(line);
        }
        report.accept(diagnostic);
        return Optional.empty();
    }

    /** A shape that the model's numbers may make impossible. */
    public Optional<Shape> shape(long... dimensions) {
        return Shapes.of("the result of `" + name() + "`", span, report, dimensions);
    }

    /**
     * Checks that the operand has one of a few ranks.
     *
     * @param wanted the shape in words: {@code [height, width, channels]}
     */
    public boolean rank(String wanted, int... ranks) {
        for (int rank : ranks) {
            if (x().shape().rank() == rank) {
                return true;
            }
        }
        String message = "`" + name() + "` needs " + wanted + ", but gets " + TypeNames.of(x().value().type());
        if (x().shape().rank() > Arrays.stream(ranks).max().orElseThrow()) {
            error(DiagnosticCode.SHAPE_MISMATCH, message, span,
                    "shapes have no batch dimension, and channels stand last: `f32[28, 28, 1]`");
        } else {
            mismatch(message);
        }
        return false;
    }

    // Graph

    @Override
    public ValueId add(Operation operation) {
        return draft.add(operation, scope, span);
    }

    @Override
    public ValueId add(Operation operation, TensorType type) {
        return draft.add(operation, type, scope, span);
    }

    /** A parameter that is named and ordered alike everywhere. */
    public ValueId parameter(String parameterName, Shape shape) {
        return parameter(parameterName, ParameterRole.OTHER, shape);
    }

    public ValueId parameter(String parameterName, ParameterRole role, Shape shape) {
        return draft.parameter(parameterName, role, shape, scope, span);
    }

    @Override
    public TensorType type(ValueId id) {
        return draft.type(id);
    }

    @Override
    public boolean nonNegative(ValueId id) {
        return draft.nonNegative(id);
    }

    public TensorValue value(ValueId id) {
        return new TensorValue(id, draft.type(id));
    }

    /** Adds an op of the language that no pass lowers; its operands are f32. @param instead what to write, in words */
    public Optional<TensorValue> notLowered(Shape result, List<ValueId> more, String instead) {
        List<ValueId> all = new ArrayList<>(operands.stream().map(o -> o.value().id()).toList());
        all.addAll(more);
        return Optional.of(value(add(new Operation.NotLowered(name(), instead, all), new TensorType(ElementType.F32,
                result))));
    }

    /** Whether the operands are of a kind that the op takes at all; reports where they are not. */
    public boolean takesOperands() {
        for (Operand operand : operands) {
            boolean step = operand.value().type().element() instanceof ElementType.StepIndex;
            if (step != (op.operands() == OpDefinition.Operands.STEP)) {
                String got = TypeNames.of(operand.value().type());
                error(DiagnosticCode.ELEMENT_MISMATCH,
                        "`" + name() + "` needs a " + (step ? "tensor" : "step or an index") + ", but gets " + got,
                        span,
                        step
                                ? "`embed` makes a tensor of it"
                                : "such inputs are declared as in `t: step[100]` and `words: index[1000, 16]`");
                return false;
            }
        }
        return true;
    }

    /** The operand as f32. @return empty if an error was reported */
    public Optional<ValueId> real(Operand operand) {
        TensorValue value = operand.value();
        return switch (value.type().element()) {
            case ElementType.F32 _ -> Optional.of(value.id());
            case ElementType.Code code when code.signed() -> error(DiagnosticCode.ELEMENT_MISMATCH,
                    "`" + name() + "` cannot tell what the codes of " + TypeNames.of(value.type()) + " stand for", span,
                    "give the range that they cover where they are read: `activations: static(8, -1..1)` on a weighted "
                            + "op, or `quantize(static(8, -1..1))`");
            case ElementType.Code _ -> {
                // A division: for half of the codes a product with the reciprocal is another number.
                ValueId number = add(new Operation.Rescale(value.id(), Optional.empty(), Optional.empty()));
                yield Optional.of(add(new Operation.Elementwise(BinaryFunction.DIVIDE, number,
                        constant(Tensor.scalar(BRIGHTEST)))));
            }
            case ElementType.Accumulator _,ElementType.StepIndex _ -> error(DiagnosticCode.ELEMENT_MISMATCH,
                    "`" + name() + "` needs f32, but gets " + TypeNames.of(value.type()), span);
        };
    }
}
