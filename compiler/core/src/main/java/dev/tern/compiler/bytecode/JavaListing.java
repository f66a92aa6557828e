package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Condition;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Instruction;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import java.util.Optional;
import java.util.stream.Collectors;

/** The Java-like text of an emitted class. */
final class JavaListing {
    private final ClassFile file;
    private final JavaPrinter java;
    private final StringBuilder text = new StringBuilder();

    JavaListing(ClassFile file) {
        this.file = file;
        this.java = new JavaPrinter(file.definition().name());
    }

    String text() {
        ClassDefinition definition = file.definition();
        line(0, "// " + definition.name().internalName().replace('/', '.') + ", " + file.bytes().length
                + " bytes, from " + definition.sourceFile());
        String visibility = definition.visibility() == ClassDefinition.Visibility.PUBLIC ? "public " : "";
        line(0, visibility + "final class " + definition.name() + " extends " + definition.superclass() + " {");
        definition.fields().forEach(field -> line(1, "static final " + JavaPrinter.text(field.type()) + " " + field
                .name() + ";"));
        definition.variables().forEach(
                field -> line(1, "static " + JavaPrinter.text(field.type()) + " " + field.name() + ";"));
        file.methods().forEach(this::method);
        line(0, "}");
        return text.toString();
    }

    private void method(ClassFile.Method method) {
        text.append('\n');
        line(1, "// " + method.size() + " bytes of bytecode");
        line(1, heading(method.definition()) + " {");
        block(2, method.definition().body());
        line(1, "}");
    }

    /** {@code static void body_conv(float[] f32)}. */
    private String heading(MethodDefinition method) {
        String parameters = method.parameters().stream()
                .map(parameter -> JavaPrinter.text(parameter.type()) + " " + parameter.name())
                .collect(Collectors.joining(", ", "(", ")"));
        String declared = JavaPrinter.text(method.result()) + " " + method.name() + parameters;
        return switch (method.access()) {
            case INITIALIZER -> "static";
            case CONSTRUCTOR -> "public " + file.definition().name() + parameters;
            case STATIC -> "static " + declared;
            case SYNCHRONIZED -> "static synchronized " + declared;
            case PUBLIC_STATIC -> "public static " + declared;
            case PROTECTED -> "protected " + declared;
            case PUBLIC -> "public " + declared;
        };
    }

    private void block(int depth, Block block) {
        block.statements().forEach(statement -> statement(depth, statement));
    }

    private void statement(int depth, Instruction statement) {
        switch (statement) {
            case Instruction.Declare(var local, var value) -> line(depth,
                    JavaPrinter.text(local.type()) + " " + local + " = " + java.bare(value) + ";");
            case Instruction.Assign(var local, var value) -> line(depth, local + " = " + java.bare(value) + ";");
            case Instruction.Update(var local, var operator, var value) -> line(depth,
                    local + " " + operator.symbol() + "= " + java.bare(value) + ";");
            case Instruction.Store(var target, var value) -> {
                boolean narrowed = target.elementType() != target.type();
                line(depth, java.text(target) + " = " + (narrowed
                        ? "(" + target.elementType() + ") " + java.text(value)
                        : java.bare(value))
                        + ";");
            }
            case Instruction.UpdateElement(var target, var operator, var value) -> line(depth,
                    java.text(target) + " " + operator.symbol() + "= " + java.bare(value) + ";");
            case Instruction.StoreGlobal(var global, var value) -> line(depth,
                    java.text(global) + " = " + java.bare(value) + ";");
            case Instruction.Copy copy -> line(depth, java.text(JavaArrays.of(copy)) + ";");
            case Instruction.StoreVector store -> line(depth, java.text(VectorApi.of(store)) + ";");
            case Instruction.For(var counter, var from, var to, var step, var body) -> {
                line(depth, "for (int " + counter + " = " + java.bare(from) + "; " + counter + " < " + java.bare(to)
                        + "; "
                        + (step == 1 ? counter + "++" : counter + " += " + step) + ") {");
                block(depth + 1, body);
                line(depth, "}");
            }
            case Instruction.If(var condition, var whenTrue, var whenFalse) -> {
                line(depth, "if (" + java.bare(condition) + ") {");
                block(depth + 1, whenTrue);
                whenFalse.filter(other -> !other.statements().isEmpty()).ifPresent(other -> {
                    line(depth, "} else {");
                    block(depth + 1, other);
                });
                line(depth, "}");
            }
            case Instruction.Return(Optional<Value> value) -> line(depth,
                    value.map(result -> "return " + java.bare(result) + ";").orElse("return;"));
            case Instruction.Evaluate(var call) -> line(depth, java.text(call) + ";");
            case Instruction.Fail(var error) -> line(depth, "throw " + java.text(error) + ";");
            case Instruction.AtLine(var number) -> line(depth, "// " + file.definition().sourceFile() + ":" + number);
            case Instruction.Remark(var remark) -> line(depth, "// " + remark);
        }
    }

    private void line(int depth, String line) {
        text.append("    ".repeat(depth)).append(line).append('\n');
    }
}
