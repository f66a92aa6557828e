package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Argument;
import java.util.Optional;

/** A number of bits, whose range depends on the scheme that it is part of. */
final class BitWidth {
    private BitWidth() {
    }

    static Kind<Long> kind() {
        return Kinds.constant("a whole number",
                c -> c instanceof KnownValue.Whole(long value) ? Optional.of(value) : Optional.empty());
    }

    /** Checks a number of bits. @param what has them, for the message: {@code int weights} */
    static Optional<Integer> of(Arguments arguments, OpParameter<Long> parameter, int least, int most, String what,
            SourceSpan span, ArgumentReader reader) {
        long bits = arguments.get(parameter);
        if (bits >= least && bits <= most) {
            return Optional.of((int) bits);
        }
        reader.report(Diagnostic.error(DiagnosticCode.BITS_OUT_OF_RANGE,
                what + " have " + least + " to " + most + " bits, not " + bits,
                arguments.written(parameter).map(Argument::span).orElse(span), ""));
        return Optional.empty();
    }
}
