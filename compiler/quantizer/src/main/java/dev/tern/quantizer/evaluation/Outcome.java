package dev.tern.quantizer.evaluation;

import java.util.List;

/** What a model did on a data set: the classes that it answered, or the numbers that it gave. */
public sealed interface Outcome permits Answers, NumberErrors {
    /** The area under the curve of true by false positives, 0..1; NaN where there is none. */
    double auc();

    /** Indices of the examples that it did worst on, the worst first. @param count at most so many */
    List<Integer> worst(int count);
}
