package dev.tern.compiler.bytecode;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A method to be emitted.
 *
 * @param budget the greatest number of bytes of bytecode it may come to
 */
public record MethodDefinition(Access access, String name, List<Local> parameters, JvmType result, Block body,
        int budget) {
    /** Up to this HotSpot's C2 compiles kernels with vector code well; larger ones are not tried. */
    public static final int KERNEL_BUDGET = 2_400;
    /** HotSpot's HugeMethodLimit: a larger method is never compiled. */
    public static final int HUGE_METHOD_LIMIT = 8_000;
    /** What a class file can hold; for an initializer, which runs once and is never worth compiling. */
    public static final int INITIALIZER_LIMIT = 65_535;

    /** Who may call it and on what. CONSTRUCTOR is named {@code <init>}, INITIALIZER {@code <clinit>}. */
    public enum Access {
        STATIC("static "), PUBLIC_STATIC("public static "), PROTECTED("protected "), PUBLIC("public "), CONSTRUCTOR(
                "public "), INITIALIZER("static ");

        private final String text;

        Access(String text) {
            this.text = text;
        }
    }

    public MethodDefinition {
        parameters = List.copyOf(parameters);
        IllTypedException.require(budget <= (access == Access.INITIALIZER ? INITIALIZER_LIMIT : HUGE_METHOD_LIMIT),
                "%s: a budget of %d", name, budget);
    }

    /** A static method held to {@link #KERNEL_BUDGET}. */
    public static MethodDefinition kernel(String name, List<Local> parameters, Block body) {
        return new MethodDefinition(Access.STATIC, name, parameters, JvmType.VOID, body, KERNEL_BUDGET);
    }

    public boolean isStatic() {
        return switch (access) {
            case STATIC, PUBLIC_STATIC, INITIALIZER -> true;
            case PROTECTED, PUBLIC, CONSTRUCTOR -> false;
        };
    }

    String descriptor() {
        return parameters.stream().map(parameter -> parameter.type().descriptor())
                .collect(Collectors.joining("", "(", ")")) + result.descriptor();
    }

    /** {@code static void body_conv(float[] f32)}. */
    String heading(JvmType.ClassType owner) {
        return switch (access) {
            case INITIALIZER -> "static";
            case CONSTRUCTOR -> access.text + owner + parameterList();
            case STATIC, PUBLIC_STATIC, PROTECTED, PUBLIC -> access.text + result + " " + name + parameterList();
        };
    }

    private String parameterList() {
        return parameters.stream().map(parameter -> parameter.type() + " " + parameter.name())
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
