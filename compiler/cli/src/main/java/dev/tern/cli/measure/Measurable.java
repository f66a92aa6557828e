package dev.tern.cli.measure;

import dev.tern.compiler.Compilation;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Warming;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is timed of a compilation: its model in this JVM or, of the target {@code EDGE}, the class for small JVMs.
 *
 * @param current gives the signature as it is now: a model that has changed over says so
 * @param warming waits for vector code where plain loops run first
 * @param inferences gives one inference of inputs in the signature's order
 */
record Measurable(Supplier<Signature> current, Supplier<Warming> warming, Function<Object[], Runnable> inferences) {
    private static final Warming ONE_FORM = new Warming(Warming.State.ONE_FORM, 0, 0, 0, 0);

    static Measurable of(Compilation compilation) {
        if (compilation.program().target().edge()) {
            return new Measurable(compilation.weights()::signature, () -> ONE_FORM, compilation::edgeInference);
        }
        CompiledModel model = compilation.model();
        Session session = model.newSession();
        return new Measurable(model::signature, model::warm, inputs -> {
            Object[] outputs = session.newOutputs(1);
            return () -> session.run(inputs, outputs);
        });
    }

    Signature signature() {
        return current.get();
    }

    Warming warm() {
        return warming.get();
    }

    Runnable on(Object[] inputs) {
        return inferences.apply(inputs);
    }
}
