package dev.tern.compiler.bytecode;

import java.util.Optional;

/** The Java-like text of an emitted class. */
final class Listing {
    private final ClassFile file;
    private final StringBuilder text = new StringBuilder();

    Listing(ClassFile file) {
        this.file = file;
    }

    String text() {
        ClassDefinition definition = file.definition();
        line(0, "// " + definition.name().internalName().replace('/', '.') + ", " + file.bytes().length
                + " bytes, from " + definition.sourceFile());
        String visibility = definition.visibility() == ClassDefinition.Visibility.PUBLIC ? "public " : "";
        line(0, visibility + "final class " + definition.name() + " extends " + definition.superclass() + " {");
        definition.fields().forEach(field -> line(1, "static final " + field.type() + " " + field.name() + ";"));
        file.methods().forEach(this::method);
        line(0, "}");
        return text.toString();
    }

    private void method(ClassFile.Method method) {
        text.append('\n');
        line(1, "// " + method.size() + " bytes of bytecode");
        line(1, method.definition().heading(file.definition().name()) + " {");
        block(2, method.definition().body());
        line(1, "}");
    }

    private void block(int depth, Block block) {
        block.statements().forEach(statement -> statement(depth, statement));
    }

    private void statement(int depth, Instruction statement) {
        switch (statement) {
            case Instruction.Declare(var local, var value) -> line(depth,
                    local.type() + " " + local + " = " + bare(value) + ";");
            case Instruction.Assign(var local, var value) -> line(depth, local + " = " + bare(value) + ";");
            case Instruction.Update(var local, var operator, var value) -> line(depth,
                    local + " " + operator.symbol() + "= " + bare(value) + ";");
            case Instruction.Store(var target, var value) -> {
                boolean narrowed = target.elementType() != target.type();
                line(depth, target + " = " + (narrowed ? "(" + target.elementType() + ") " + value : bare(value))
                        + ";");
            }
            case Instruction.UpdateElement(var target, var operator, var value) -> line(depth,
                    target + " " + operator.symbol() + "= " + bare(value) + ";");
            case Instruction.StoreField(var field, var value) -> line(depth, field + " = " + bare(value) + ";");
            case Instruction.For(var counter, var from, var to, var step, var body) -> {
                line(depth, "for (int " + counter + " = " + bare(from) + "; " + counter + " < " + bare(to) + "; "
                        + (step == 1 ? counter + "++" : counter + " += " + step) + ") {");
                block(depth + 1, body);
                line(depth, "}");
            }
            case Instruction.If(var condition, var whenTrue, var whenFalse) -> {
                line(depth, "if (" + bare(condition) + ") {");
                block(depth + 1, whenTrue);
                whenFalse.filter(other -> !other.statements().isEmpty()).ifPresent(other -> {
                    line(depth, "} else {");
                    block(depth + 1, other);
                });
                line(depth, "}");
            }
            case Instruction.Return(Optional<Value> value) -> line(depth,
                    value.map(result -> "return " + bare(result) + ";").orElse("return;"));
            case Instruction.Evaluate(var call) -> line(depth, call + ";");
            case Instruction.AtLine(var number) -> line(depth, "// " + file.definition().sourceFile() + ":" + number);
            case Instruction.Remark(var remark) -> line(depth, "// " + remark);
        }
    }

    /** The text of a value where nothing stands beside it: without its outermost parentheses. */
    private static String bare(Value value) {
        String whole = value.toString();
        return switch (value) {
            case Value.BinaryOperation _,Value.Negation _,Condition _,Value.Conversion _,Value.Choice _ ->
                whole.substring(1, whole.length() - 1);
            // @formatter:off
            case Immediate _, Local _, Value.ArrayElement _, Value.Length _, Value.Field _, Value.Call _, Value.Cast _,
                 Value.This _, Value.ClassLiteral _ ->
            // @formatter:on
                whole;
        };
    }

    private void line(int depth, String line) {
        text.append("    ".repeat(depth)).append(line).append('\n');
    }
}
