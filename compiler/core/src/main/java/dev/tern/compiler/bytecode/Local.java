package dev.tern.compiler.bytecode;

/** A named local variable or parameter; it stands in the class file's variable table. Compared by identity. */
public final class Local implements Value {
    private final String name;
    private final JvmType type;

    private Local(String name, JvmType type) {
        IllTypedException.require(!name.isEmpty() && Character.isJavaIdentifierStart(name.charAt(0))
                && name.chars().allMatch(Character::isJavaIdentifierPart), "'%s' is no name for a local", name);
        IllTypedException.require(type != JvmType.VOID, "local %s of type void", name);
        this.name = name;
        this.type = type;
    }

    /** A parameter of a method. */
    public static Local parameter(String name, JvmType type) {
        return new Local(name, type);
    }

    static Local declared(String name, JvmType type) {
        return new Local(name, type);
    }

    public String name() {
        return name;
    }

    @Override
    public JvmType type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
