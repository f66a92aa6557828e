package dev.tern.compiler.facade;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/**
 * The facade's methods that run the model: with new results, into arrays that are given, from images and buffers, and
 * for batches.
 */
final class FacadeMethods {
    private final String runtime;
    private final ClassName result;
    private final List<FacadePort> inputs;
    private final List<FacadePort> outputs;

    /** @param result the record of all outputs, where there are several */
    FacadeMethods(String runtime, ClassName result, List<FacadePort> inputs, List<FacadePort> outputs) {
        this.runtime = runtime;
        this.result = result;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    void addTo(TypeSpec.Builder type) {
        if (!direct()) {
            addArrays(type);
        }
        type.addMethod(fresh());
        type.addMethod(into());
        List<FacadePort> images = inputs.stream().filter(FacadePort::image).toList();
        boolean buffers = inputs.stream().anyMatch(port -> !port.scalar());
        if (images.size() == 1) {
            addImages(type, images.getFirst());
        }
        if (buffers) {
            addBuffers(type);
        }
        if (buffers || images.size() == 1) {
            type.addField(flag("copying"));
        }
        if (buffers || images.size() == 1 || !direct()) {
            type.addMethod(enter());
        }
        type.addMethod(batch());
    }

    /** Whether a method of the session has these very types. */
    private boolean direct() {
        return inputs.size() == 1 && outputs.size() == 1 && !inputs.getFirst().scalar()
                && !outputs.getFirst().scalar() && outputs.getFirst().real()
                && !inputs.getFirst().array().equals(ArrayTypeName.of(TypeName.INT));
    }

    /** What carries the arrays to the session without allocation; entered by one thread at a time. */
    private void addArrays(TypeSpec.Builder type) {
        type.addField(array("inputs", inputs));
        type.addField(array("outputs", outputs));
        type.addField(flag("busy"));
        inputs.stream().filter(FacadePort::scalar).forEach(port -> type.addField(FieldSpec
                .builder(port.array(), scratch(port), Modifier.PRIVATE, Modifier.FINAL)
                .initializer("new $T[1]", port.parameterType()).build()));
    }

    private static FieldSpec flag(String name) {
        return FieldSpec.builder(AtomicInteger.class, name, Modifier.PRIVATE, Modifier.FINAL)
                .initializer("new $T()", AtomicInteger.class).build();
    }

    /** Lets one thread in until the flag is down again. */
    private static MethodSpec enter() {
        return MethodSpec.methodBuilder("enter").addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(AtomicInteger.class, "flag").beginControlFlow("if (!flag.compareAndSet(0, 1))")
                .addStatement("throw new $T($S)", IllegalStateException.class,
                        "this object is running already; each thread needs its own")
                .endControlFlow().build();
    }

    private static FieldSpec array(String name, List<FacadePort> ports) {
        return FieldSpec.builder(ArrayTypeName.of(Object.class), name, Modifier.PRIVATE, Modifier.FINAL)
                .initializer("new $T[$L]", Object.class, ports.size()).build();
    }

    private static String scratch(FacadePort port) {
        return named("one", port);
    }

    /** A field of a port. */
    private static String named(String what, FacadePort port) {
        return what + Character.toUpperCase(port.parameter().charAt(0)) + port.parameter().substring(1);
    }

    private MethodSpec.Builder method(String name, String doc) {
        return MethodSpec.methodBuilder(name).addModifiers(Modifier.PUBLIC).addJavadoc("$L\n\n", doc);
    }

    private static void parameter(MethodSpec.Builder method, FacadePort port, TypeName type, String what) {
        method.addParameter(ParameterSpec.builder(type, port.parameter()).build());
        method.addJavadoc("$L", "@param " + port.parameter() + " " + FacadeDoc.of(port, what) + "\n");
    }

    private void inputParameters(MethodSpec.Builder method) {
        inputs.forEach(port -> parameter(method, port, port.parameterType(), "the input"));
    }

    private static String names(Stream<FacadePort> ports) {
        return ports.map(FacadePort::parameter).collect(Collectors.joining(", "));
    }

    private void throwsInput(MethodSpec.Builder method) {
        method.addJavadoc("@throws IllegalArgumentException if an array has another length, or a value is not finite or"
                + " out of range\n");
    }

    /** {@code Scores run(float[] image)}. */
    private MethodSpec fresh() {
        MethodSpec.Builder run = method("run", "One inference.");
        inputParameters(run);
        run.addJavadoc("@return $L\n", outputs.size() == 1
                ? FacadeDoc.of(outputs.getFirst(), "the output") + ", new"
                : "the outputs, new");
        throwsInput(run);
        run.returns(resultType());
        outputs.forEach(port -> run.addStatement("$T $N = new $T[$L]", port.array(), port.parameter(),
                port.array().componentType(), size(port)));
        run.addStatement("run($L)", names(Stream.concat(inputs.stream(), outputs.stream())));
        run.addStatement("return $L", resultValue());
        return run.build();
    }

    private TypeName resultType() {
        return outputs.size() == 1 ? outputs.getFirst().resultType(runtime) : result;
    }

    private CodeBlock resultValue() {
        if (outputs.size() == 1) {
            return resultValue(outputs.getFirst());
        }
        return CodeBlock.of("new $T($L)", result, outputs.stream().map(this::resultValue)
                .collect(CodeBlock.joining(", ")));
    }

    private CodeBlock resultValue(FacadePort port) {
        if (port.named()) {
            return CodeBlock.of("new $T($N, $L)", port.resultType(runtime), port.parameter(), port.labels());
        }
        return CodeBlock.of(port.scalar() ? "$N[0]" : "$N", port.parameter());
    }

    /** {@code void run(float[] image, float[] scores)}. */
    private MethodSpec into() {
        MethodSpec.Builder run = method("run", "One inference into arrays that are given; allocates nothing.");
        inputParameters(run);
        outputs.forEach(port -> parameter(run, port, port.array(), "overwritten with the output"));
        throwsInput(run);
        if (direct()) {
            run.addStatement("session.run($L)", names(Stream.concat(inputs.stream(), outputs.stream())));
            return run.build();
        }
        run.addStatement("enter(busy)");
        run.beginControlFlow("try");
        for (int i = 0; i < inputs.size(); i++) {
            FacadePort port = inputs.get(i);
            if (port.scalar()) {
                run.addStatement("this.$N[0] = $N", scratch(port), port.parameter());
            }
            run.addStatement("inputs[$L] = $L", i, port.scalar() ? "this." + scratch(port) : port.parameter());
        }
        for (int i = 0; i < outputs.size(); i++) {
            run.addStatement("outputs[$L] = $N", i, outputs.get(i).parameter());
        }
        run.addStatement("session.run(inputs, outputs)");
        run.nextControlFlow("finally");
        run.addStatement("busy.set(0)");
        run.endControlFlow();
        return run.build();
    }

    /** {@code Scores run(byte[] image)}: the image is a picture as it is stored. */
    private void addImages(TypeSpec.Builder type, FacadePort image) {
        String stored = "of a picture as it is stored, a byte for each channel of each pixel, rows from the top: each"
                + " is divided by 255";
        MethodSpec.Builder run = method("run", "One inference " + stored + ".");
        imageParameters(run, image);
        run.addJavadoc("@return $L\n", outputs.size() == 1
                ? FacadeDoc.of(outputs.getFirst(), "the output") + ", new"
                : "the outputs, new");
        throwsInput(run);
        run.returns(resultType());
        outputs.forEach(port -> run.addStatement("$T $N = new $T[$L]", port.array(), port.parameter(),
                port.array().componentType(), size(port)));
        run.addStatement("run($L)", names(Stream.concat(inputs.stream(), outputs.stream())));
        run.addStatement("return $L", resultValue());
        type.addMethod(run.build());

        type.addField(FieldSpec.builder(image.array(), picture(image), Modifier.PRIVATE).build());
        MethodSpec.Builder into = method("run", "One inference " + stored + "; into arrays that are given. Allocates"
                + " nothing but at the first call.");
        imageParameters(into, image);
        outputs.forEach(port -> parameter(into, port, port.array(), "overwritten with the output"));
        throwsInput(into);
        into.beginControlFlow("if ($N.length != $L)", image.parameter(), image.elements());
        into.addStatement("throw new $T($S + $N.length)", IllegalArgumentException.class, "input " + image.port()
                + " of a picture needs " + image.port().elements() + " bytes, given ", image.parameter());
        into.endControlFlow();
        into.addStatement("enter(copying)");
        into.beginControlFlow("try");
        into.beginControlFlow("if (this.$N == null)", picture(image));
        into.addStatement("this.$N = new float[$L]", picture(image), image.elements());
        into.endControlFlow();
        into.beginControlFlow("for (int i = 0; i < $L; i++)", image.elements());
        into.addStatement("this.$N[i] = ($N[i] & 0xff) / 255f", picture(image), image.parameter());
        into.endControlFlow();
        into.addStatement("run($L)", Stream.concat(inputs.stream(), outputs.stream())
                .map(port -> port == image ? "this." + picture(image) : port.parameter())
                .collect(Collectors.joining(", ")));
        into.nextControlFlow("finally");
        into.addStatement("copying.set(0)");
        into.endControlFlow();
        type.addMethod(into.build());
    }

    private void imageParameters(MethodSpec.Builder method, FacadePort image) {
        inputs.forEach(port -> parameter(method, port, port == image
                ? ArrayTypeName.of(TypeName.BYTE)
                : port.parameterType(), port == image ? "the picture that becomes" : "the input"));
    }

    private static String picture(FacadePort port) {
        return named("picture", port);
    }

    private static String size(FacadePort port) {
        return port.scalar() ? "1" : port.elements();
    }

    /** {@code void run(FloatBuffer image, FloatBuffer scores)}: off-heap memory, memory segments, parts of arrays. */
    private void addBuffers(TypeSpec.Builder type) {
        List<FacadePort> staged = Stream.concat(inputs.stream().filter(port -> !port.scalar()), outputs.stream())
                .toList();
        staged.forEach(port -> type.addField(
                FieldSpec.builder(port.array(), staging(port), Modifier.PRIVATE).build()));
        MethodSpec.Builder run = method("run", "One inference from and to what lies at the buffers' positions, which"
                + " then are behind it; of a MemorySegment,\n{@code segment.asByteBuffer().order(ByteOrder"
                + ".nativeOrder())}, of other numbers than bytes {@code .asFloatBuffer()} of\nthat. Allocates nothing"
                + " but at the first call.");
        inputs.forEach(port -> parameter(run, port, port.scalar() ? port.parameterType() : port.buffer(),
                port.scalar() ? "the input" : "read as the input"));
        outputs.forEach(port -> parameter(run, port, port.buffer(), "written with the output"));
        throwsInput(run);
        run.addJavadoc("@throws java.nio.BufferUnderflowException if less remains in an input than it has elements;"
                + " java.nio.BufferOverflowException likewise of an output\n");
        run.addStatement("enter(copying)");
        run.beginControlFlow("try");
        run.beginControlFlow("if ($N == null)", "this." + staging(outputs.getLast()));
        staged.forEach(port -> run.addStatement("this.$N = new $T[$L]", staging(port), port.array().componentType(),
                size(port)));
        run.endControlFlow();
        inputs.stream().filter(port -> !port.scalar())
                .forEach(port -> run.addStatement("$N.get(this.$N)", port.parameter(), staging(port)));
        run.addStatement("run($L)", Stream.concat(inputs.stream().map(port -> port.scalar()
                ? port.parameter()
                : "this." + staging(port)), outputs.stream().map(port -> "this." + staging(port)))
                .collect(Collectors.joining(", ")));
        outputs.forEach(port -> run.addStatement("$N.put(this.$N)", port.parameter(), staging(port)));
        run.nextControlFlow("finally");
        run.addStatement("copying.set(0)");
        run.endControlFlow();
        type.addMethod(run.build());
    }

    private static String staging(FacadePort port) {
        return named("staging", port);
    }

    /** {@code void runBatch(int count, float[] image, float[] scores)}. */
    private MethodSpec batch() {
        MethodSpec.Builder run = method("runBatch",
                "Several inferences, one after the other; each array holds all of them one behind the other.");
        run.addParameter(int.class, "count");
        run.addJavadoc("@param count how many\n");
        inputs.forEach(port -> parameter(run, port, port.array(), "the inputs"));
        outputs.forEach(port -> parameter(run, port, port.array(), "overwritten with the outputs"));
        throwsInput(run);
        run.addStatement("session.run(count, new $T[] {$L}, new $T[] {$L})", Object.class, names(inputs.stream()),
                Object.class, names(outputs.stream()));
        return run.build();
    }
}
