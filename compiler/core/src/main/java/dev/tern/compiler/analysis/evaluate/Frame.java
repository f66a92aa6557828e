package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.catalogue.Schemes;
import dev.tern.compiler.analysis.value.ExpressionValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values of a model, or of one application of a block. */
final class Frame {
    /** Applications shown with an error inside a block, innermost first. */
    private static final int SHOWN = 3;

    private final Map<String, ExpressionValue> values = new HashMap<>();
    private final Optional<Frame> caller;
    private final SourceSpan call;
    private final String name;
    private Schemes defaults;
    private String documentation = "";

    private Frame(String name, Optional<Frame> caller, SourceSpan call, Schemes defaults) {
        this.name = name;
        this.caller = caller;
        this.call = call;
        this.defaults = defaults;
    }

    static Frame ofModel(String name, SourceSpan span) {
        return new Frame(name, Optional.empty(), span, Schemes.FLOAT);
    }

    /** The frame of a block applied from this one; it inherits the defaults. */
    Frame inside(String block, SourceSpan at) {
        return new Frame(block, Optional.of(this), at, defaults);
    }

    /** How many applications of blocks are around this one. */
    int depth() {
        int depth = 0;
        for (Optional<Frame> frame = caller; frame.isPresent(); frame = frame.get().caller) {
            depth++;
        }
        return depth;
    }

    void define(String valueName, ExpressionValue value) {
        values.putIfAbsent(valueName, value);
    }

    /** The value, or poison for a name without one, which was reported. */
    ExpressionValue value(String valueName) {
        return values.getOrDefault(valueName, ExpressionValue.POISON);
    }

    Schemes defaults() {
        return defaults;
    }

    void defaults(Schemes schemes) {
        defaults = schemes;
    }

    /** What was written before the statement that is being evaluated. */
    String documentation() {
        return documentation;
    }

    void documentation(String text) {
        documentation = text;
    }

    /** The diagnostic with the applications that led here. */
    Diagnostic located(Diagnostic diagnostic) {
        Diagnostic located = diagnostic;
        Frame frame = this;
        for (int i = 0; i < SHOWN && frame.caller.isPresent(); i++) {
            located = located.alsoAt(frame.call, "in this application of `" + frame.name + "`");
            frame = frame.caller.get();
        }
        return located;
    }
}
