package dev.tern.quantizer.evaluation;

import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.InputException;

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

        /** The arrays that the model's inputs take. */
        Object[] inputs(int example);

        /** The index that the model's first output should have its greatest entry at. */
        int label(int example);
    }

    /**
     * Runs all examples, on all cores.
     *
     * @throws InputException if an example is no input for the model
     */
    public static Accuracy measure(CompiledModel model, Examples examples) {
        return Answers.of(model, examples).top(1);
    }

    /** 0..1. */
    public double share() {
        return (double) correct / examples;
    }
}
