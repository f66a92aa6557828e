package dev.tern.compiler.code;

/** A named local variable or parameter. Compared by identity. */
public final class Local implements Value {
    private final String name;
    private final ValueType type;
    private boolean reassigned;

    private Local(String name, ValueType type) {
        IllTypedException.require(!name.isEmpty() && Character.isJavaIdentifierStart(name.charAt(0))
                && name.chars().allMatch(Character::isJavaIdentifierPart), "'%s' is no name for a local", name);
        IllTypedException.require(type != ValueType.VOID, "local %s of type void", name);
        this.name = name;
        this.type = type;
    }

    /** A parameter of a method. */
    public static Local parameter(String name, ValueType type) {
        return new Local(name, type);
    }

    static Local declared(String name, ValueType type) {
        return new Local(name, type);
    }

    public String name() {
        return name;
    }

    void reassign() {
        reassigned = true;
    }

    /** Whether it gets other values than the one it is declared with: to be asked when the routine is complete. */
    public boolean reassigned() {
        return reassigned;
    }

    @Override
    public ValueType type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
