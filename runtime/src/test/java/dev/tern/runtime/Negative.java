package dev.tern.runtime;

import java.lang.invoke.MethodHandles;

/** Written by hand in the form of a hidden class: takes its weights from its class data; negates bytes or floats. */
final class Negative extends Session {
    private static final CompiledModel MODEL = CompiledModel.ofClassData(new Negative(), MethodHandles.lookup());

    Negative() {
        super(MODEL);
    }

    static CompiledModel model() {
        return MODEL;
    }

    @Override
    protected Session another() {
        return new Negative();
    }

    @Override
    protected void infer() {
        for (int i = 0; i < i8.length; i++) {
            f32[i] = -i8[i];
        }
        if (i8.length == 0) {
            for (int i = 0; i < f32.length; i++) {
                f32[i] = -f32[i];
            }
        }
    }
}
