package dev.tern.cli;

import dev.tern.compiler.graph.Graph;
import dev.tern.importers.dataset.Dataset;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the classes of a model are called: as its text labels the output, else as the data names them.
 *
 * @param given by label; may be fewer than there are classes, or none
 * @param count of the classes
 */
record ClassNames(List<String> given, int count) {
    static ClassNames of(Graph graph, Dataset examples) {
        List<String> labels = graph.outputs().getFirst().labels();
        List<String> given = labels.isEmpty() && examples.targets() instanceof Dataset.Targets.Classes classes
                ? classes.names()
                : labels;
        return new ClassNames(given, Math.max(examples.classes(), given.size()));
    }

    /** That of one class, or its number. */
    String of(int label) {
        return isNamed(label) ? given.get(label) : Integer.toString(label);
    }

    /** The same for a line of its own: {@code class 3}. */
    String title(int label) {
        return isNamed(label) ? given.get(label) : "class " + label;
    }

    boolean isNamed(int label) {
        return label >= 0 && label < given.size();
    }

    List<String> all() {
        return IntStream.range(0, count).mapToObj(this::of).toList();
    }
}
