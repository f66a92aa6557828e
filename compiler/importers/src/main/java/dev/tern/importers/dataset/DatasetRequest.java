package dev.tern.importers.dataset;

import dev.tern.compiler.graph.Shape;
import java.util.Optional;

/**
 * What is wanted of a data set.
 *
 * @param part which part, where its files tell parts apart
 * @param shape of one example as the model takes it, where a model is known: tables and arrays are cut by it, and
 *     pictures in folders take its channels
 * @param label the column of a table that holds the class: its heading, or its number from 1 (from the end: -1)
 * @param resize whether pictures of another size are made to fit
 */
public record DatasetRequest(Part part, Optional<Shape> shape, Optional<String> label, boolean resize) {
    /** Which examples of a data set. */
    public enum Part {
        /** Those to learn from. */
        TRAINING,
        /** Those to measure by. */
        TEST
    }

    /** One part of a data set, of any shape. */
    public static DatasetRequest of(Part part) {
        return new DatasetRequest(part, Optional.empty(), Optional.empty(), false);
    }

    /** The same for a model that takes such examples. */
    public DatasetRequest fitting(Shape shape) {
        return new DatasetRequest(part, Optional.of(shape), label, resize);
    }

    /** The same with the class in that column; null for where it is usually. */
    public DatasetRequest labelledBy(String column) {
        return new DatasetRequest(part, shape, Optional.ofNullable(column), resize);
    }

    /** The same with pictures made to fit. */
    public DatasetRequest resizing(boolean resize) {
        return new DatasetRequest(part, shape, label, resize);
    }
}
