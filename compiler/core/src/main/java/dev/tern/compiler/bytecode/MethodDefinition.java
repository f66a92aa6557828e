package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.ValueType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A method to be emitted.
 *
 * @param budget the greatest number of bytes of bytecode it may come to, without those that only tell C2 a class
 */
public record MethodDefinition(Access access, Routine routine, int budget) {
    /** Up to this HotSpot's C2 compiles kernels with vector code well; larger ones are not tried. */
    public static final int KERNEL_BUDGET = 2_400;
    /** HotSpot's HugeMethodLimit: a larger method is never compiled. */
    public static final int HUGE_METHOD_LIMIT = 8_000;
    /** What a class file can hold; for an initializer, which runs once and is never worth compiling. */
    public static final int INITIALIZER_LIMIT = 65_535;

    /**
     * Who may call it and on what; SYNCHRONIZED is static and run by one thread at a time. CONSTRUCTOR is named
     * {@code <init>}, INITIALIZER {@code <clinit>}.
     */
    public enum Access {
        STATIC, SYNCHRONIZED, PUBLIC_STATIC, PROTECTED, PUBLIC, CONSTRUCTOR, INITIALIZER
    }

    public MethodDefinition {
        IllTypedException.require(budget <= (access == Access.INITIALIZER ? INITIALIZER_LIMIT : HUGE_METHOD_LIMIT),
                "%s: a budget of %d", routine.name(), budget);
    }

    /** A static method held to {@link #KERNEL_BUDGET}. */
    public static MethodDefinition kernel(Routine routine) {
        return new MethodDefinition(Access.STATIC, routine, KERNEL_BUDGET);
    }

    public String name() {
        return routine.name();
    }

    public List<Local> parameters() {
        return routine.parameters();
    }

    public ValueType result() {
        return routine.result();
    }

    public Block body() {
        return routine.body();
    }

    public boolean isStatic() {
        return switch (access) {
            case STATIC, SYNCHRONIZED, PUBLIC_STATIC, INITIALIZER -> true;
            case PROTECTED, PUBLIC, CONSTRUCTOR -> false;
        };
    }

    String descriptor() {
        return descriptor(routine.callee());
    }

    /** {@code ([FI)V}. */
    static String descriptor(Callee callee) {
        return callee.parameters().stream().map(JvmTypes::descriptor).collect(Collectors.joining("", "(", ")"))
                + JvmTypes.descriptor(callee.result());
    }
}
