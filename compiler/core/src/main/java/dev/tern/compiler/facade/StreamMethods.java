package dev.tern.compiler.facade;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/** The facade's methods for a model of a stream: its state is the stream's own, and nobody passes it. */
final class StreamMethods {
    private static final String INPUT = "@throws IllegalArgumentException if an array has another length, or a value is"
            + " not finite; the stream is as it was\n";

    private final ClassName stream;
    private final FacadePort frame;
    private final List<FacadePort> results;

    /**
     * @param inputs of the model, the frame's and the state's
     * @param outputs of the model, the state's at the end
     */
    StreamMethods(String runtime, List<FacadePort> inputs, List<FacadePort> outputs) {
        this.stream = ClassName.get(runtime, "Stream");
        Set<String> given = names(outputs);
        Set<String> taken = names(inputs);
        this.frame = inputs.stream().filter(port -> !given.contains(port.port().name())).findFirst().orElseThrow();
        this.results = outputs.stream().filter(port -> !taken.contains(port.port().name())).toList();
    }

    private static Set<String> names(List<FacadePort> ports) {
        return ports.stream().map(port -> port.port().name()).collect(Collectors.toSet());
    }

    void addTo(TypeSpec.Builder type) {
        type.addField(FieldSpec.builder(stream, "stream", Modifier.PRIVATE, Modifier.FINAL)
                .initializer("model().newStream()").build());
        if (results.size() == 1) {
            FacadePort result = results.getFirst();
            type.addMethod(push().returns(result.array())
                    .addJavadoc("@return $L, new\n", FacadeDoc.of(result, "the output")).addJavadoc(INPUT)
                    .addStatement("$T $N = new $T[$L]", result.array(), result.parameter(),
                            result.array().componentType(), Math.max(1, result.port().elements()))
                    .addStatement("push($N, $N)", frame.parameter(), result.parameter())
                    .addStatement("return $N", result.parameter()).build());
        }
        MethodSpec.Builder into = push().addJavadoc(INPUT);
        results.forEach(result -> into.addParameter(result.array(), result.parameter()));
        into.addStatement("stream.push($N, new $T[]{$L})", frame.parameter(), Object.class,
                results.stream().map(FacadePort::parameter).collect(Collectors.joining(", ")));
        type.addMethod(into.build());
        type.addMethod(MethodSpec.methodBuilder("reset").addModifiers(Modifier.PUBLIC)
                .addJavadoc("Forgets all frames: before the next one there were zeros.\n")
                .addStatement("stream.reset()").build());
        type.addMethod(MethodSpec.methodBuilder("stateBytes").addModifiers(Modifier.PUBLIC).returns(TypeName.LONG)
                .addJavadoc("Bytes of what is kept of frames before.\n").addStatement("return stream.stateBytes()")
                .build());
    }

    private MethodSpec.Builder push() {
        return MethodSpec.methodBuilder("push").addModifiers(Modifier.PUBLIC)
                .addJavadoc("Takes a new frame and computes what the model gives for the last ones.\n\n@param $L $L\n",
                        frame.parameter(), FacadeDoc.of(frame, "the input"))
                .addParameter(frame.array(), frame.parameter());
    }
}
