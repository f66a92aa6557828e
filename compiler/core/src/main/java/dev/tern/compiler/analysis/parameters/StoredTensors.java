package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.NearestNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The tensors of a file by the paths that they have in the model, and which of them were asked for. */
final class StoredTensors {
    private final String file;
    private final ParameterLayout layout;
    private final boolean declared;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<TensorEntry, String> paths = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    private StoredTensors(TensorSource source, ParameterLayout layout, boolean declared) {
        this.file = source.name();
        this.layout = layout;
        this.declared = declared;
    }

    /**
     * Names what a file holds. A file that records its layout was written for models: nothing is renamed in it.
     *
     * @param report gets PARAMETER_SURPLUS where two tensors get one path
     * @param warn gets PARAMETER_MISSING where a rule of the map applies to nothing
     */
    static StoredTensors of(TensorSource source, StoredNaming naming, Consumer<Diagnostic> report,
            Consumer<Diagnostic> warn) {
        ParameterLayout layout = source.layout().or(naming::layout).orElse(ParameterLayout.TERN);
        NameMap names = source.layout().isPresent() ? NameMap.NONE : naming.names();
        StoredTensors tensors = new StoredTensors(source, layout,
                source.layout().isPresent() || naming.layout().isPresent());
        Set<NameMap.Rule> used = new HashSet<>();
        for (TensorEntry entry : source.entries()) {
            String dotted = layout.dotted(entry.name());
            Optional<NameMap.Rule> rule = names.rule(dotted);
            rule.ifPresent(used::add);
            tensors.add(entry, rule.flatMap(applies -> applies.apply(dotted)).orElse(dotted), report);
        }
        names.rules().stream().filter(rule -> !used.contains(rule)).forEach(rule -> warn.accept(unused(rule, source)));
        return tensors;
    }

    private void add(TensorEntry entry, String path, Consumer<Diagnostic> report) {
        if (layout.ignores(path)) {
            return;
        }
        TensorEntry other = entries.putIfAbsent(path, entry);
        paths.put(entry, path);
        if (other != null) {
            taken.add(path);
            report.accept(Diagnostic
                    .error(DiagnosticCode.PARAMETER_SURPLUS,
                            "`" + entry.name() + "` and `" + other.name() + "` are both `" + path + "` in the model",
                            entry.position(), entry.describe())
                    .alsoAt(other.position(), "the other"));
        }
    }

    private static Diagnostic unused(NameMap.Rule rule, TensorSource source) {
        Diagnostic warning = Diagnostic.warning(DiagnosticCode.PARAMETER_MISSING,
                "no name in " + source.name() + " that no other rule takes begins with `" + rule.from() + "`",
                rule.position(), "");
        String question = NearestNames.question(
                NearestNames.similar(rule.from(), source.entries().stream().map(TensorEntry::name).toList()));
        return question.isEmpty() ? warning : warning.help(question);
    }

    /** How the file names and orders its tensors. */
    ParameterLayout layout() {
        return layout;
    }

    /** Whether the model or the file says so. */
    boolean isDeclared() {
        return declared;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The tensor of a path, which is asked for by this. */
    Optional<TensorEntry> take(String path) {
        TensorEntry entry = entries.get(path);
        if (entry != null) {
            taken.add(path);
        }
        return Optional.ofNullable(entry);
    }

    boolean has(String path) {
        return entries.containsKey(path);
    }

    /** The tensors that nothing asked for, in the order of the file, each with its path. */
    Map<TensorEntry, String> left() {
        Map<TensorEntry, String> left = new LinkedHashMap<>();
        entries.forEach((path, entry) -> {
            if (!taken.contains(path)) {
                left.put(entry, path);
            }
        });
        return left;
    }

    /** Their names in the file. */
    List<String> free() {
        return left().keySet().stream().map(TensorEntry::name).toList();
    }

    /** A tensor for messages: its name in the file, and its path where that is another. */
    String describe(TensorEntry entry) {
        String path = paths.get(entry);
        return "`" + entry.name() + "`" + (path.equals(entry.name()) ? "" : ", renamed `" + path + "`");
    }

    String file() {
        return file;
    }
}
