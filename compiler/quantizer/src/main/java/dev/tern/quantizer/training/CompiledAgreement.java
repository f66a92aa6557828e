package dev.tern.quantizer.training;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.TrainedAnswers;
import dev.tern.quantizer.evaluation.LabelledExamples;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the compiled class answers beside the network that was trained.
 *
 * @param examples how many both were asked
 * @param different those that they did not answer with the same bits
 */
public record CompiledAgreement(int examples, List<Difference> different) {
    /** An example and the greatest difference of two numbers of its answers. */
    public record Difference(int example, float greatest) {
    }

    /** @param graph the model's, its parameters not bound; {@code tensors} are those that the compilation has */
    public static CompiledAgreement of(Graph graph, Map<String, Tensor.Floats> tensors, Compilation compilation,
            Dataset data) {
        if (data.count() == 0) {
            return new CompiledAgreement(0, List.of());
        }
        CompiledModel model = compilation.model();
        Session session = model.newSession();
        Object[] outputs = session.newOutputs(1);
        List<Difference> different = new ArrayList<>();
        boolean index = outputs[0] instanceof int[];
        TrainedAnswers.of(graph, tensors, data, (example, wanted) -> {
            session.run(LabelledExamples.inputs(model.signature().inputs(), data, example), outputs);
            float difference = index
                    ? difference(((int[]) outputs[0])[0], wanted)
                    : difference((float[]) outputs[0], wanted);
            if (difference != 0) {
                different.add(new Difference(example, difference));
            }
        });
        return new CompiledAgreement(data.count(), List.copyOf(different));
    }

    /** 0 where the index is that of the first greatest score. */
    private static float difference(int index, float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return Math.abs(index - best);
    }

    private static float difference(float[] actual, float[] wanted) {
        float greatest = 0;
        for (int i = 0; i < actual.length; i++) {
            greatest = Math.max(greatest, Math.abs(actual[i] - wanted[i]));
        }
        return greatest;
    }

    /** In a sentence, the greatest difference and the first few named: sums of reals depend on their order. */
    @Override
    public String toString() {
        if (different.isEmpty()) {
            return String.format(Locale.ROOT,
                    "the compiled class answers all %,d as the trained network does, to the bit",
                    examples);
        }
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
                "the compiled class answers %,d of %,d otherwise than the trained network, by at most %.2g:",
                different.size(), examples,
                different.stream().mapToDouble(Difference::greatest).max().orElseThrow()));
        different.stream().limit(5).forEach(each -> text.append(
                String.format(Locale.ROOT, " example %d by %.2g", each.example(), each.greatest())));
        return text.append(different.size() > 5 ? " ..." : "").toString();
    }
}
