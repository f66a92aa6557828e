package dev.tern.quantizer.task;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.dataset.Chosen;
import dev.tern.quantizer.dataset.Samples;
import java.nio.file.Path;
import java.util.List;

/** Where the examples of a task come from. */
sealed interface ExampleSource {
    /** All of them, with what is known of each. */
    Dataset dataset(DatasetRequest request);

    /** Inputs for a model, as {@link Samples} takes them. */
    List<List<Tensor>> samples(Graph graph, Chosen chosen, int most);

    /** A file or folder. */
    record Stored(Path path) implements ExampleSource {
        @Override
        public Dataset dataset(DatasetRequest request) {
            return Datasets.read(path, request);
        }

        @Override
        public List<List<Tensor>> samples(Graph graph, Chosen chosen, int most) {
            return Samples.read(path, graph, chosen, most);
        }
    }

    /** Examples in memory. */
    record AtHand(Dataset examples) implements ExampleSource {
        @Override
        public Dataset dataset(DatasetRequest request) {
            return examples;
        }

        @Override
        public List<List<Tensor>> samples(Graph graph, Chosen chosen, int most) {
            return Samples.of(chosen.of(examples), graph, most);
        }
    }

    /** @throws IllegalArgumentException if there is none */
    static ExampleSource require(ExampleSource source) {
        if (source == null) {
            throw new IllegalArgumentException("there is no data: name it with data(...)");
        }
        return source;
    }
}
