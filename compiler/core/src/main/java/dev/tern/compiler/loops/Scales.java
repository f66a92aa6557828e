package dev.tern.compiler.loops;

import dev.tern.compiler.bytecode.Immediate;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;

/** Scales and zero points where a row needs them: constants, or measured ones in the arena. */
final class Scales {
    private Scales() {
    }

    static Value scale(MethodScope scope, ScaleSource source, Value row) {
        return switch (source) {
            case ScaleSource.Fixed(float value) -> Value.of(value);
            case ScaleSource.Measured(var buffer, var perRow) -> scope.element(buffer, perRow ? row : Value.of(0));
        };
    }

    static Value zero(MethodScope scope, ZeroSource source, Value row) {
        return switch (source) {
            case ZeroSource.Fixed(int value) -> Value.of(value);
            case ZeroSource.Measured(var buffer, var perRow) -> scope.element(buffer, perRow ? row : Value.of(0));
        };
    }

    /** The scale of the method's row, ready before its loops. */
    static Value scaleBeforeLoops(MethodScope scope, ScaleSource source) {
        Value scale = scale(scope, source, scope.get("row"));
        return scale instanceof Immediate ? scale : scope.beforeLoops("scale", scale);
    }

    /** The zero point of the method's row, ready before its loops. */
    static Value zeroBeforeLoops(MethodScope scope, ZeroSource source) {
        Value zero = zero(scope, source, scope.get("row"));
        return zero instanceof Immediate ? zero : scope.beforeLoops("zero", zero);
    }
}
