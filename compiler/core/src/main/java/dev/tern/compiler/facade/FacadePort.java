package dev.tern.compiler.facade;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import dev.tern.runtime.Signature;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;

/**
 * An input or an output as the facade shows it.
 *
 * @param parameter its name in Java
 * @param constant the beginning of its constants' names
 */
record FacadePort(Signature.Port port, String parameter, String constant) {
    private static final List<Integer> IMAGE_CHANNELS = List.of(1, 3);

    /** The array that carries one inference or several. */
    ArrayTypeName array() {
        return ArrayTypeName.of(component());
    }

    private TypeName component() {
        return switch (port.element()) {
            case F32 -> TypeName.FLOAT;
            case U8, I8 -> TypeName.BYTE;
            case STEP, I32 -> TypeName.INT;
        };
    }

    /** What stands for the array where values lie elsewhere. */
    TypeName buffer() {
        return TypeName.get(switch (port.element()) {
            case F32 -> FloatBuffer.class;
            case U8, I8 -> ByteBuffer.class;
            case STEP, I32 -> IntBuffer.class;
        });
    }

    /** Whether it is one number, which is passed as such. */
    boolean scalar() {
        return port.shape().isEmpty();
    }

    /** What {@code run} takes for it as an input. */
    TypeName parameterType() {
        return scalar() ? component() : array();
    }

    /** Whether {@code run} gives it as values with names. */
    boolean named() {
        return !port.labels().isEmpty() && port.shape().size() == 1 && component().equals(TypeName.FLOAT);
    }

    /** What {@code run} gives for it as an output. */
    TypeName resultType(String runtimePackage) {
        return named() ? ClassName.get(runtimePackage, "Scores") : parameterType();
    }

    boolean real() {
        return component().equals(TypeName.FLOAT);
    }

    /** Whether an image as it is stored, a byte for each channel of each pixel, can be read into it. */
    boolean image() {
        return real() && port.shape().size() == 3 && IMAGE_CHANNELS.contains(port.shape().getLast());
    }

    String elements() {
        return constant + "_ELEMENTS";
    }

    String labels() {
        return constant + "_LABELS";
    }
}
