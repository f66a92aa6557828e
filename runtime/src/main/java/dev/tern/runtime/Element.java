package dev.tern.runtime;

/** What one element of an input or output is, and in which Java array it is passed. */
public enum Element {
    /** IEEE 754 binary32, in a {@code float[]}; an input must be finite. */
    F32("f32", float.class),
    /** An unsigned byte 0..255, in a {@code byte[]} by its eight bits (read one with {@code b & 0xff}). */
    U8("u8", byte.class),
    /** A signed byte -128..127, in a {@code byte[]}. */
    I8("i8", byte.class),
    /** A time-step index {@code 0..steps-1}, in an {@code int[]}; an {@link Integer} also does for one inference. */
    STEP("step", int.class),
    /** A signed 32-bit integer such as the index that {@code argmax} gives, in an {@code int[]}; outputs only. */
    I32("i32", int.class);

    private final String text;
    private final Class<?> component;

    Element(String text, Class<?> component) {
        this.text = text;
        this.component = component;
    }

    /** The component type of the Java array that holds elements of this kind. */
    public Class<?> componentType() {
        return component;
    }

    /** As the language writes it: {@code f32}, {@code u8}, {@code i8}, {@code step}, {@code i32}. */
    @Override
    public String toString() {
        return text;
    }
}
