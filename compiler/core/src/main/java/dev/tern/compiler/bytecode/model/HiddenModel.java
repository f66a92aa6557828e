package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Weights;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Compiles a kernel program into this JVM, as a hidden class that goes when its model is no longer used. */
public final class HiddenModel {
    private HiddenModel() {
    }

    /** The class that {@link #define} takes. */
    public static ClassFile emit(KernelProgram program) {
        return ModelClass.hidden(program, HiddenModel.class.getPackageName());
    }

    /** @param worthSharing nanoseconds from which threads share a kernel */
    static ClassFile emit(KernelProgram program, double worthSharing) {
        return ModelClass.hidden(program, HiddenModel.class.getPackageName(), worthSharing);
    }

    /** The model of a class from {@link #emit} with the weights of the same program. */
    public static CompiledModel define(ClassFile file, Weights weights) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClassWithClassData(file.bytes(), weights,
                    true);
            return (CompiledModel) lookup
                    .findStatic(lookup.lookupClass(), "model", MethodType.methodType(CompiledModel.class)).invoke();
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("class " + file.definition().name() + " was emitted, yet it is refused",
                    e);
        }
    }
}
