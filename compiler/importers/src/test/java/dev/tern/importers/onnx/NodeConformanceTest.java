package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.ImportedModel.Edge;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.onnx.NodeCases.Case;
import dev.tern.importers.tern.TernWriter;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Runs the official node tests, counts them, and holds what is not supported against the list in the documentation.
 */
class NodeConformanceTest {
    private static final float RELATIVE = 1e-3f;
    private static final float ABSOLUTE = 1e-7f;
    /** Falls only with an operator. */
    private static final int LEAST_PASSED = 565;

    private final Map<String, List<String>> unsupported = new TreeMap<>();
    private final List<String> failed = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();

    @Test
    void everySupportedCasePasses() throws IOException {
        try (NodeCases cases = new NodeCases()) {
            for (String name : cases.names()) {
                run(cases.read(name));
            }
        }
        String list = list();
        Path golden = Path.of(System.getProperty("tern.root", "../..")).resolve("compiler/importers/CONFORMANCE.md");
        if (System.getProperty("golden.update") != null) {
            Files.writeString(golden, list);
        }
        assertThat(failed).isEmpty();
        assertThat(passed.size()).isGreaterThanOrEqualTo(LEAST_PASSED);
        assertThat(list).isEqualTo(Files.readString(golden));
    }

    private void run(Case test) {
        if (test.inputs().contains(Optional.<Constant>empty()) || test.outputs().contains(Optional.<Constant>empty())) {
            note(test, "inputs or outputs of types that Tern does not have (text, complex, f8, sequences, optional)");
            return;
        }
        String reason = "";
        int tried = 0;
        for (Set<Integer> free : freeInputs(test)) {
            Diagnostics diagnostics = new Diagnostics();
            try {
                Optional<ImportedModel> imported = read(test, free, diagnostics);
                if (imported.isPresent()) {
                    judge(test, imported.get(), free);
                    return;
                }
            } catch (CompilationFailedException failure) {
                failure.diagnostics().forEach(diagnostics::add);
            } catch (IOException | RuntimeException fault) {
                failed.add(test.name() + ": " + fault);
                return;
            }
            tried++;
            reason = tried <= 2
                    ? diagnostics.list().stream().map(Diagnostic::message).findFirst().orElse(reason)
                    : reason;
        }
        note(test, reason.isEmpty() ? "no input of floats or bytes" : reason);
    }

    /** Which inputs the model gets at run time, the others being bound: all that can be, or one of them. */
    private static List<Set<Integer>> freeInputs(Case test) {
        Set<Integer> all = new LinkedHashSet<>();
        for (int i = 0; i < test.inputs().size(); i++) {
            ElementKind kind = test.inputs().get(i).orElseThrow().kind();
            if (kind == ElementKind.F32 || kind == ElementKind.U8 || kind == ElementKind.I8) {
                all.add(i);
            }
        }
        List<Set<Integer>> choices = new ArrayList<>();
        if (!all.isEmpty()) {
            choices.add(all);
            all.forEach(i -> choices.add(Set.of(i)));
        }
        return choices;
    }

    private static Optional<ImportedModel> read(Case test, Set<Integer> free, Diagnostics diagnostics)
            throws IOException {
        Map<String, Constant> constants = new HashMap<>();
        Map<String, List<Integer>> shapes = new HashMap<>();
        List<String> inputs = test.names();
        for (int i = 0; i < inputs.size(); i++) {
            if (free.contains(i)) {
                shapes.put(inputs.get(i), test.inputs().get(i).orElseThrow().shape());
            } else {
                constants.put(inputs.get(i), test.inputs().get(i).orElseThrow());
            }
        }
        ImportOptions options = new ImportOptions(Optional.empty(), Optional.empty(), Optional.empty(), shapes,
                Map.of(), false);
        Optional<ForeignNetwork> network = new OnnxReader(test.model(), (tensor, entries, bytes) -> {
            throw new IOException("a node test keeps nothing outside");
        }, test.name(), options, diagnostics).read(test.name(), constants);
        return network.flatMap(found -> TernWriter.write(found, test.name(), options, diagnostics));
    }

    private void judge(Case test, ImportedModel imported, Set<Integer> free) {
        CompiledModel model = Compilation.of(imported).model();
        Object[] arrays = new Object[free.size()];
        List<Integer> order = free.stream().sorted().toList();
        for (int i = 0; i < arrays.length; i++) {
            Edge edge = imported.inputs().get(i);
            arrays[i] = array(test.inputs().get(order.get(i)).orElseThrow(), edge.places());
        }
        var session = model.newSession();
        Object[] outputs = session.newOutputs(1);
        try {
            session.run(arrays, outputs);
        } catch (InputException notFinite) {
            note(test, "inputs that are not finite");
            return;
        }
        for (int i = 0; i < outputs.length; i++) {
            Constant wanted = test.outputs().get(i).orElseThrow();
            Edge edge = imported.outputs().get(i);
            if (!wanted.kind().floating() && outputs[i] instanceof float[]) {
                note(test, "integers as outputs, other than indices");
                return;
            }
            if (!edge.sourceShape().equals(wanted.shape())) {
                failed.add(test.name() + ": shape " + edge.sourceShape() + " for " + wanted.shape());
                return;
            }
            int[] places = edge.places();
            for (int k = 0; k < places.length; k++) {
                boolean alike = outputs[i] instanceof int[] indices
                        ? indices[k] == wanted.integers()[places[k]]
                        : close(((float[]) outputs[i])[k], wanted.floats()[places[k]]);
                if (!alike) {
                    failed.add(test.name() + ": output " + i + " at " + places[k] + " is "
                            + (outputs[i] instanceof int[] indices ? indices[k] : ((float[]) outputs[i])[k]) + ", not "
                            + wanted.floats()[places[k]]);
                    return;
                }
            }
        }
        passed.add(test.name());
    }

    private static boolean close(float found, float wanted) {
        return found == wanted || Float.isNaN(found) && Float.isNaN(wanted)
                || Math.abs(found - wanted) <= ABSOLUTE + RELATIVE * Math.abs(wanted);
    }

    private static Object array(Constant value, int[] places) {
        if (value.kind().floating()) {
            float[] array = new float[places.length];
            for (int k = 0; k < array.length; k++) {
                array[k] = value.floats()[places[k]];
            }
            return array;
        }
        byte[] array = new byte[places.length];
        for (int k = 0; k < array.length; k++) {
            array[k] = (byte) value.integers()[places[k]];
        }
        return array;
    }

    private void note(Case test, String reason) {
        // Names, shapes and numbers of one case do not make a reason of its own.
        String kind = reason.replaceFirst("^`[^`]*` \\([^)]*\\): ", "").replaceFirst("^`[^`]*`: ", "")
                .replaceAll("`[^`]*`", "`...`").replaceAll("\\[[-0-9, ]*\\]", "[...]").replaceAll(
                        "-?[0-9]+(\\.[0-9]+)?",
                        "N");
        unsupported.computeIfAbsent(kind, _ -> new ArrayList<>()).add(test.name());
    }

    private String list() {
        StringBuilder text = new StringBuilder("# ONNX node tests\n\n");
        int count = unsupported.values().stream().mapToInt(List::size).sum();
        text.append("Of the ").append(passed.size() + failed.size() + count)
                .append(" official node tests (onnx 1.20.0), with compiled classes, within the suite's tolerance, "
                        + "integers\nexactly: ")
                .append(passed.size()).append(" pass, ").append(failed.size()).append(" fail, ").append(count)
                .append(" are not supported:\n\n| reason | cases |\n|---|---|\n");
        unsupported.entrySet().stream().sorted((a, b) -> b.getValue().size() - a.getValue().size())
                .forEach(entry -> text.append("| ").append(entry.getKey().replace("|", "\\|")).append(" | ")
                        .append(cases(entry.getValue())).append(" |\n"));
        return text.toString();
    }

    /** A few names, and how many there are. */
    private static String cases(List<String> names) {
        List<String> some = names.subList(0, Math.min(3, names.size())).stream()
                .map(name -> "`" + name.replaceFirst("^test_", "") + "`").toList();
        return names.size() + ": " + String.join(", ", some) + (names.size() > 3 ? ", ..." : "");
    }
}
