package dev.tern.cli.measure;

import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.InputException;
import dev.tern.runtime.Session;
import java.util.stream.IntStream;

/**
 * How many examples of a labelled set a model's first output ranks first.
 *
 * @param correct how many
 * @param examples of how many
 */
public record Accuracy(int correct, int examples) {
    /** Examples by index. */
    public interface Examples {
        int count();

        /** The array that the model's only input takes. */
        Object input(int example);

        /** The index that the model's first output should have its greatest entry at. */
        int label(int example);
    }

    /**
     * Runs all examples, on all cores.
     *
     * @throws InputException if an example is no input for the model
     */
    public static Accuracy measure(CompiledModel model, Examples examples) {
        int threads = Runtime.getRuntime().availableProcessors();
        int correct = IntStream.range(0, threads).parallel().map(thread -> {
            Session session = model.newSession();
            Object[] outputs = session.newOutputs(1);
            Object[] inputs = new Object[1];
            int right = 0;
            for (int example = thread; example < examples.count(); example += threads) {
                inputs[0] = examples.input(example);
                session.run(inputs, outputs);
                right += answer(outputs[0]) == examples.label(example) ? 1 : 0;
            }
            return right;
        }).sum();
        return new Accuracy(correct, examples.count());
    }

    /** The first greatest score's index; an index that the model gives itself is taken as it is. */
    private static int answer(Object output) {
        if (output instanceof int[] indices) {
            return indices[0];
        }
        float[] scores = (float[]) output;
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /** 0..1. */
    public double share() {
        return (double) correct / examples;
    }
}
