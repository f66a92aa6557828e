package dev.tern.importers.tern;

import dev.tern.compiler.foreign.ImportedModel.Edge;
import dev.tern.importers.network.Description;
import dev.tern.importers.network.Extents;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** What a file says of its network, as the language writes it. */
final class DescriptionText {
    private static final int LONGEST = 200;

    private DescriptionText() {
    }

    /** Lines of documentation, the source last. */
    static String documentation(Description description) {
        StringBuilder text = new StringBuilder();
        description.documentation().lines().map(ModelText::oneLine)
                .forEach(line -> text.append(("/// " + cut(line)).stripTrailing()).append('\n'));
        return text.append("/// ").append(ModelText.oneLine(description.source())).append('\n').toString();
    }

    private static String cut(String line) {
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    /** {@code labels scores: "cat", "dog"}, where there are as many as the output has entries. */
    static String labels(Description description, Placement.Result placed, List<Edge> outputs) {
        StringBuilder text = new StringBuilder();
        for (Edge edge : outputs) {
            List<String> labels = description.labels().getOrDefault(edge.sourceName(), List.of());
            if (!labels.isEmpty() && labels.size() == entries(placed, edge) && labels.stream().allMatch(
                    DescriptionText::plain) && new HashSet<>(labels).size() == labels.size()) {
                text.append("    labels ").append(edge.name()).append(": ").append(labels.stream()
                        .map(label -> '"' + label + '"').collect(Collectors.joining(", "))).append('\n');
            }
        }
        return text.toString();
    }

    /** How many labels an output takes: one for each entry, or for each value that an index may have. */
    private static int entries(Placement.Result placed, Edge edge) {
        Program program = placed.program();
        Call call = program.get(placed.outputs().get(edge.name()).call());
        return call.op().equals("argmax") && call.operands().getFirst() instanceof Call.Operand.Result(int scores)
                ? program.get(scores).shape().getLast()
                : Extents.elements(edge.shape());
    }

    /** Whether a text may stand between quotation marks as it is. */
    private static boolean plain(String label) {
        return !label.isBlank() && label.length() <= LONGEST && label.codePoints()
                .noneMatch(c -> c == '"' || c == '\\' || Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
    }
}
