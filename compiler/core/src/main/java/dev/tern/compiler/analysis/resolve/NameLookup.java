package dev.tern.compiler.analysis.resolve;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.analysis.catalogue.ForeignWords;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.compiler.syntax.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The names that one model or block can see.
 *
 * @param unread names whose definitions could not be parsed, which was reported
 * @param applied gets the blocks that are asked for
 * @param full whether so much was reported that the rest is dropped
 */
record NameLookup(Symbols symbols, Resolution resolution, Set<String> unread, Set<String> applied,
        Consumer<Diagnostic> report, BooleanSupplier full) {
    /** An op or a block. */
    Optional<Application.Applicable> target(String name) {
        return Catalogue.find(name).<Application.Applicable>map(Application.Op::new)
                .or(() -> resolution.block(name).map(block -> {
                    applied.add(name);
                    return new Application.DefinedBlock(block);
                }));
    }

    /** Reports a name that nothing has. */
    void unknown(Identifier name) {
        if (full.getAsBoolean() || unread.contains(name.text()) || reportedAsLater(name)) {
            return;
        }
        List<String> all = new ArrayList<>(symbols.names());
        all.addAll(Catalogue.names());
        all.addAll(resolution.blocks().keySet());
        suggest(Diagnostic.error(DiagnosticCode.UNKNOWN_NAME, "nothing here is called `" + name.text() + "`",
                name.span(), ""), name, all);
    }

    /** Reports an op or block that there is not. */
    void unknownOp(Identifier name) {
        if (full.getAsBoolean() || unread.contains(name.text()) || reportedAsLater(name)) {
            return;
        }
        List<String> all = new ArrayList<>(Catalogue.names());
        all.addAll(resolution.blocks().keySet());
        suggest(Diagnostic.error(DiagnosticCode.UNKNOWN_OP, "there is no op or block `" + name.text() + "`",
                name.span(), ""), name, all);
    }

    private boolean reportedAsLater(Identifier name) {
        Optional<Identifier> later = symbols.definedLater(name.text());
        later.ifPresent(definition -> report.accept(Diagnostic
                .error(DiagnosticCode.USED_BEFORE_DEFINITION, "`" + name.text() + "` is defined further down",
                        name.span(), "used here")
                .alsoAt(definition.span(), "defined here").help("statements are read from top to bottom")));
        return later.isPresent();
    }

    private void suggest(Diagnostic diagnostic, Identifier name, List<String> candidates) {
        Optional<String> foreign = ForeignWords.op(name.text());
        String question = NearestNames.question(NearestNames.similar(name.text(), candidates));
        report.accept(foreign.isPresent()
                ? diagnostic.help(foreign.get())
                : question.isEmpty() ? diagnostic : diagnostic.help(question));
    }
}
