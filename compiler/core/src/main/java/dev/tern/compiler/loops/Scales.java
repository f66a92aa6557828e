package dev.tern.compiler.loops;

import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;

/** Scales and zero points where a row needs them: constants, or measured ones in the arena. */
final class Scales {
    private Scales() {
    }

    static Value scale(RoutineScope scope, ScaleSource source, Value row) {
        return switch (source) {
            case ScaleSource.Fixed(float value) -> Value.of(value);
            case ScaleSource.Measured(var buffer, var perRow) -> scope.element(buffer, perRow ? row : Value.of(0));
        };
    }

    static Value zero(RoutineScope scope, ZeroSource source, Value row) {
        return switch (source) {
            case ZeroSource.Fixed(int value) -> Value.of(value);
            case ZeroSource.Measured(var buffer, var perRow) -> scope.element(buffer, perRow ? row : Value.of(0));
        };
    }

    static boolean perRow(ScaleSource source) {
        return source instanceof ScaleSource.Measured measured && measured.perRow();
    }

    static boolean perRow(ZeroSource source) {
        return source instanceof ZeroSource.Measured measured && measured.perRow();
    }

    /** The scale of the routine's row, ready before its loops. */
    static Value scaleBeforeLoops(RoutineScope scope, ScaleSource source) {
        Value scale = scale(scope, source, scope.get("row"));
        return scale instanceof Immediate ? scale : scope.beforeChannels("scale", scale, perRow(source));
    }

    /** The zero point of the routine's row, ready before its loops. */
    static Value zeroBeforeLoops(RoutineScope scope, ZeroSource source) {
        Value zero = zero(scope, source, scope.get("row"));
        return zero instanceof Immediate ? zero : scope.beforeChannels("zero", zero, perRow(source));
    }
}
