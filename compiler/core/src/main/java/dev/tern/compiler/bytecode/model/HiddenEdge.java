package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.kernel.KernelProgram;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Arrays;

/** The class for small JVMs in this one, as a hidden class. */
final class HiddenEdge implements ProgramRun {
    private static final MethodType SPREAD = MethodType.methodType(void.class, Object[].class);

    private final MethodHandle infer;
    private final Class<?>[] outputTypes;
    private final int[] outputLengths;
    /** The arrays of one call, inputs first. */
    private final Object[] arrays;

    private HiddenEdge(KernelProgram program, MethodHandle infer) {
        int inputs = program.inputs().size();
        this.infer = infer.asSpreader(Object[].class, infer.type().parameterCount()).asType(SPREAD);
        outputTypes = Arrays.stream(infer.type().parameterArray()).skip(inputs).map(Class::getComponentType)
                .toArray(Class<?>[]::new);
        outputLengths = program.outputs().stream().mapToInt(port -> port.shape().elements()).toArray();
        arrays = new Object[infer.type().parameterCount()];
    }

    /** @param program whose arena is planned for the target {@code EDGE}; its state, if any, is passed in and out */
    static HiddenEdge define(KernelProgram program) {
        ClassFile file = EdgeClass.withoutState(program,
                new ClassName(HiddenEdge.class.getPackageName(), "Edge"));
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(file.bytes(), true);
            Method infer = Arrays.stream(lookup.lookupClass().getMethods())
                    .filter(method -> method.getName().equals("infer")).findFirst().orElseThrow();
            return new HiddenEdge(program, lookup.unreflect(infer));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("class " + file.definition().name() + " was emitted, yet it is refused",
                    e);
        }
    }

    @Override
    public void run(Object[] inputs, Object[] outputs) {
        System.arraycopy(inputs, 0, arrays, 0, inputs.length);
        System.arraycopy(outputs, 0, arrays, inputs.length, outputs.length);
        try {
            infer.invokeExact(arrays);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Object[] newOutputs() {
        Object[] outputs = new Object[outputTypes.length];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = Array.newInstance(outputTypes[i], outputLengths[i]);
        }
        return outputs;
    }
}
