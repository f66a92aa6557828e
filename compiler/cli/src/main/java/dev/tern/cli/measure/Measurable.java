package dev.tern.cli.measure;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.bytecode.model.ProgramRun;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Warming;
import java.util.function.Supplier;

/** What is timed of a compilation: its model in this JVM or, of the target {@code EDGE}, the class for small JVMs. */
final class Measurable {
    private static final Warming ONE_FORM = new Warming(Warming.State.ONE_FORM, 0, 0, 0, 0);

    private final Supplier<Signature> signature;
    private final Supplier<Warming> warm;
    private final ProgramRun run;

    private Measurable(Supplier<Signature> signature, Supplier<Warming> warm, ProgramRun run) {
        this.signature = signature;
        this.warm = warm;
        this.run = run;
    }

    static Measurable of(Compilation compilation) {
        if (compilation.program().target().edge()) {
            return new Measurable(compilation.weights()::signature, () -> ONE_FORM,
                    ProgramRun.of(compilation.program()));
        }
        CompiledModel model = compilation.model();
        return new Measurable(model::signature, model::warm, ProgramRun.of(model.newSession()));
    }

    /** As it is now: a model that has changed over says so. */
    Signature signature() {
        return signature.get();
    }

    /** Waits for vector code where plain loops run first. */
    Warming warm() {
        return warm.get();
    }

    /** One inference of these inputs, in the signature's order. */
    Runnable on(Object[] inputs) {
        Object[] outputs = run.newOutputs();
        return () -> run.run(inputs, outputs);
    }
}
