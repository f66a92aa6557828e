package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.compiler.syntax.Expression;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An argument that is one of a few words.
 *
 * @param meanings what each word stands for
 */
public record Keyword<T>(Map<String, T> meanings) implements Kind<T> {
    public Keyword {
        meanings = Map.copyOf(meanings);
    }

    @Override
    public String expects() {
        return "one of " + String.join(", ", meanings.keySet().stream().sorted().map(w -> "`" + w + "`").toList());
    }

    @Override
    public List<OpSignature> words() {
        return meanings.keySet().stream().sorted().map(word -> OpSignature.of(word, 0)).toList();
    }

    @Override
    public void check(Expression argument, NameChecker names) {
        if (word(argument).isEmpty()) {
            names.report(wrong(argument, "this argument"));
        }
    }

    @Override
    public Optional<T> read(Expression argument, String title, ArgumentReader reader) {
        Optional<T> word = word(argument);
        if (word.isEmpty()) {
            reader.report(wrong(argument, title));
        }
        return word;
    }

    private Optional<T> word(Expression argument) {
        return argument instanceof Expression.Name name
                ? Optional.ofNullable(meanings.get(name.identifier().text()))
                : Optional.empty();
    }

    private Diagnostic wrong(Expression argument, String title) {
        Diagnostic wrong = Diagnostic.error(DiagnosticCode.BAD_ARGUMENT, title + " must be " + expects(),
                argument.span(), "");
        if (argument instanceof Expression.Name name) {
            String question = NearestNames
                    .question(NearestNames.similar(name.identifier().text(), meanings.keySet()));
            return question.isEmpty() ? wrong : wrong.help(question);
        }
        return wrong;
    }
}
