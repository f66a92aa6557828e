package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;

/** Types as a model declares them. */
public final class TypeNames {
    private TypeNames() {
    }

    /** {@code f32[28, 28, 1]}, {@code u8[28, 28, 1]}, {@code i32[]}, {@code step[100]},
     * {@code index[1000, 16]}. */
    public static String of(TensorType type) {
        return switch (type.element()) {
            case ElementType.F32 _ -> "f32" + type.shape();
            case ElementType.Code code -> (code.signed() ? "i" : "u") + code.bits() + type.shape();
            case ElementType.Accumulator _ -> "i32" + type.shape();
            case ElementType.StepIndex(int count) -> type.shape().rank() == 0
                    ? "step[" + count + "]"
                    : "index" + Shape.of(count).followedBy(type.shape());
        };
    }
}
