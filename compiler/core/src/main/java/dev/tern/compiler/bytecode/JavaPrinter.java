package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Condition;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import java.util.List;
import java.util.stream.Collectors;

/** Values as the Java that they stand for. */
final class JavaPrinter {
    private final ClassType owner;

    /** @param owner the class that the code is in */
    JavaPrinter(ClassType owner) {
        this.owner = owner;
    }

    /** A type's name, without its package. */
    static String text(ValueType type) {
        return switch (type) {
            case ValueType.Primitive _,ValueType.ArrayOf _,ValueType.RowsOf _ -> type.toString();
            case ValueType.VectorOf _,ValueType.MaskOf _,ValueType.Memory _,ValueType.Foreign _ ->
                JvmTypes.classOf(type).toString();
        };
    }

    /** What is more than a name or a call stands in parentheses. */
    String text(Value value) {
        return switch (value) {
            case Immediate immediate -> literal(immediate.literal());
            case Local local -> local.name();
            case Value.BinaryOperation(var operator, var left, var right) ->
                "(" + text(left) + " " + operator.symbol() + " " + text(right) + ")";
            case Value.Negation(var operand) -> "(-" + text(operand) + ")";
            case Condition.Comparison(var relation, var left, var right) ->
                "(" + text(left) + " " + relation.symbol() + " " + text(right) + ")";
            case Condition.Logic(var conjunction, var left, var right) ->
                "(" + text(left) + (conjunction ? " && " : " || ") + text(right) + ")";
            case Condition.Not(var operand) -> "(!" + text(operand) + ")";
            case Value.Conversion(var target, var operand) -> "((" + target + ") " + text(operand) + ")";
            case Value.ArrayElement(var array, var index) -> indexed(array, index);
            case Value.Row(var rows, var index) -> indexed(rows, index);
            case Value.Length(var array) -> text(array) + ".length";
            case Value.Global(var name, var _) -> owner + "." + name;
            case Value.Call(Callee callee, var arguments) -> owner + "." + callee.name() + list(arguments);
            case Value.Apply(var function, var arguments) -> text(JavaMath.call(function, arguments));
            case Value.Choice(var condition, var whenTrue, var whenFalse) ->
                "(" + text(condition) + " ? " + text(whenTrue) + " : " + text(whenFalse) + ")";
            case VectorValue vector -> text(VectorApi.of(vector));
            case Value.Foreign foreign -> text((JvmValue) foreign);
        };
    }

    private String text(JvmValue value) {
        return switch (value) {
            case JvmValue.StaticField(var fieldOwner, var name, var _) -> fieldOwner + "." + name;
            case JvmValue.ThisField(var name, var _) -> "this." + name;
            case JvmValue.JavaCall(var method, var arguments) -> call(method, arguments);
            case JvmValue.NewObject(var type, var _, var arguments) -> "new " + type + list(arguments);
            case JvmValue.NewArray(var type, var length) -> "new " + type.element() + "[" + bare(length) + "]";
            case JvmValue.Cast(var type, var operand) -> "((" + text(type) + ") " + text(operand) + ")";
            case JvmValue.IsNull(var operand) -> "(" + text(operand) + " == null)";
            case JvmValue.This _ -> "this";
            case JvmValue.ClassLiteral(var named) -> named + ".class";
            case JvmValue.Text(var text) -> quoted(text);
        };
    }

    /** A string literal; what no editor shows is written by its number. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char character : text.toCharArray()) {
            if (character == '"' || character == '\\') {
                quoted.append('\\').append(character);
            } else if (character < ' ' || character > '~') {
                quoted.append(String.format("\\u%04x", (int) character));
            } else {
                quoted.append(character);
            }
        }
        return quoted.append('"').toString();
    }

    private String call(JavaMethod method, List<Value> arguments) {
        String head = switch (method.dispatch()) {
            case STATIC, INTERFACE_STATIC -> method.owner() + "." + method.name();
            case VIRTUAL, INTERFACE -> text(arguments.getFirst()) + "." + method.name();
            case SUPER -> "super";
        };
        return head + list(arguments.subList(method.dispatch().received() ? 1 : 0, arguments.size()));
    }

    private String list(List<Value> arguments) {
        return arguments.stream().map(this::text).collect(Collectors.joining(", ", "(", ")"));
    }

    private String indexed(Value array, Value index) {
        boolean bare = index instanceof Value.BinaryOperation || index instanceof Value.Choice;
        return text(array) + "[" + (bare ? bare(index) : text(index)) + "]";
    }

    /** The text of a value where nothing stands beside it: without its outermost parentheses. */
    String bare(Value value) {
        String whole = text(value);
        boolean enclosed = switch (value) {
            // @formatter:off
            case Value.BinaryOperation _, Value.Negation _, Condition _, Value.Conversion _, Value.Choice _ -> true;
            case Immediate _, Local _, Value.ArrayElement _, Value.Row _, Value.Length _, Value.Global _, Value.Call _,
                 Value.Apply _, VectorValue _ -> false;
            // @formatter:on
            case Value.Foreign foreign -> foreign instanceof JvmValue.IsNull;
        };
        return enclosed ? whole.substring(1, whole.length() - 1) : whole;
    }

    private static String literal(Number literal) {
        return switch (literal) {
            case Long number -> number + "L";
            case Float number -> Float.isFinite(number) ? number + "f" : special(number, "Float.");
            case Double number -> Double.isFinite(number) ? number.toString() : special(number, "Double.");
            default -> literal.toString();
        };
    }

    private static String special(double number, String of) {
        return of + (Double.isNaN(number) ? "NaN" : number > 0 ? "POSITIVE_INFINITY" : "NEGATIVE_INFINITY");
    }
}
