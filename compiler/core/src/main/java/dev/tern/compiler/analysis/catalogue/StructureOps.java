package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.draft.GraphDraft;
import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.Function;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.ActivationCodes;
import java.util.List;
import java.util.Optional;

/** {@code repeat}, and a quantizer in a place of its own. */
final class StructureOps {
    private static final OpParameter<Integer> TIMES = OpParameter.required("n", Kinds.whole(0, Integer.MAX_VALUE),
            "how many times");
    private static final OpParameter<Function> FUNCTION = OpParameter.required("f", Kinds.function(),
            "an op, a block or a pipeline without a head");
    private static final OpParameter<ActivationScheme> SCHEME = OpParameter.required("scheme", ActivationSchemes.KIND,
            "how the input becomes codes");

    static final List<OpDefinition> ALL = List.of(
            new OpDefinition(OpSignature.of("repeat", 2, TIMES, FUNCTION), OpDefinition.Operands.ONE, false, false,
                    ElementOps::same, StructureOps::repeat,
                    "a function applied n times, each time with parameters of its own"),
            OpDefinition.unary(OpSignature.of("quantize", 1, SCHEME), ElementOps::same, StructureOps::quantize,
                    "x to the grid of a scheme; a weighted op that follows multiplies the codes"));

    private StructureOps() {
    }

    private static Optional<TensorValue> repeat(OpCall call, Shape same) {
        int times = call.get(TIMES);
        if (times > GraphDraft.MAX_NODES) {
            throw new GraphDraft.TooLarge("it repeats something " + times + " times", call.at(TIMES));
        }
        Optional<TensorValue> value = Optional.of(call.x().value());
        for (int i = 0; i < times && value.isPresent(); i++) {
            Operand operand = new Operand(value.get(), i == 0 ? call.x().span() : call.at(FUNCTION));
            value = call.get(FUNCTION).apply(operand, call.scope().nextIndex(call.at(FUNCTION)));
        }
        return value;
    }

    private static Optional<TensorValue> quantize(OpCall call, Shape same) {
        return InputQuantizer.quantizeChannels(call, call.x(), call.get(SCHEME)).map(codes -> {
            if (call.draft().type(codes.id()).element() instanceof ElementType.F32) {
                return call.value(codes.id());
            }
            ValueId real = new ActivationCodes(call).reals(codes);
            return new TensorValue(real, new TensorType(ElementType.F32, same), Optional.of(codes));
        });
    }
}
