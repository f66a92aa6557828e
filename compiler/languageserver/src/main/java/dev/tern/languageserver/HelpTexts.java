package dev.tern.languageserver;

import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.analysis.catalogue.OpParameter;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.catalogue.TypeNames;
import dev.tern.compiler.analysis.value.ExpressionValue;
import dev.tern.compiler.analysis.value.Function;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.TensorValue;
import java.util.Collection;
import java.util.stream.Collectors;

/** What is said of ops, arguments, schemes and values, in Markdown. */
final class HelpTexts {
    private HelpTexts() {
    }

    static String code(String text) {
        return "```tern\n" + text + "\n```";
    }

    /** An op with its arguments. */
    static String op(OpDefinition op) {
        return code(op.signature().describe()) + "\n" + op.documentation() + arguments(op.signature());
    }

    /** A line for each argument of a signature. */
    static String arguments(OpSignature signature) {
        return signature.parameters().stream().map(HelpTexts::argument).map(line -> "\n- " + line)
                .collect(Collectors.joining());
    }

    static String argument(OpParameter<?> parameter) {
        String meaning = parameter.documentation().isEmpty() ? "" : ": " + parameter.documentation();
        return "`" + parameter.name() + "`" + meaning + " (" + parameter.kind().expects()
                + (parameter.required() ? ")" : ", may be left out)");
    }

    /** What a name stands for; of a name in a block all that it stood for. */
    static String values(Collection<ExpressionValue> values) {
        return values.stream().map(HelpTexts::value).distinct().collect(Collectors.joining(" or "));
    }

    private static String value(ExpressionValue value) {
        return switch (value) {
            case TensorValue tensor -> TypeNames.of(tensor.type());
            case KnownValue known -> known.describe().replace("`", "");
            case Function _ -> "a function";
            case ExpressionValue.Poison _ -> "unknown, for there is an error in it";
        };
    }

    /** What an op gave where it stands. */
    static String applied(Collection<OpenDocument.Applied> all) {
        return all.stream().map(one -> "gives `" + TypeNames.of(one.result()) + "`"
                + one.weights().map(weights -> ", weights `" + weights + "`").orElse("")
                + one.activations().map(activations -> ", activations `" + activations + "`").orElse(""))
                .distinct().collect(Collectors.joining("  \n"));
    }
}
