package dev.tern.importers.dataset;

import dev.tern.compiler.graph.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is wanted of a data set.
 *
 * @param part which part, where its files tell parts apart
 * @param shape of one example as the model takes it, where a model is known: tables and arrays are cut by it, and
 *     pictures in folders take its channels
 * @param label the column of a table that holds the class: its heading, or its number from 1 (from the end: -1)
 * @param resize whether pictures of another size are made to fit
 * @param inputs of a model that has several, by name: an example is then a row with the elements of each of them, one
 *     input after the other; empty for a model with one
 * @param numbers whether the model gives one number: what is known of an example is then that number, not its class
 */
public record DatasetRequest(Part part, Optional<Shape> shape, Optional<String> label, boolean resize,
        Map<String, Shape> inputs, boolean numbers) {
    public DatasetRequest {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /** Which examples of a data set. */
    public enum Part {
        /** Those to learn from. */
        TRAINING,
        /** Those to measure by. */
        TEST
    }

    /** One part of a data set, of any shape. */
    public static DatasetRequest of(Part part) {
        return new DatasetRequest(part, Optional.empty(), Optional.empty(), false, Map.of(), false);
    }

    /** The same of that part. */
    public DatasetRequest ofPart(Part other) {
        return new DatasetRequest(other, shape, label, resize, inputs, numbers);
    }

    /** The same for a model that takes such examples. */
    public DatasetRequest fitting(Shape shape) {
        return new DatasetRequest(part, Optional.of(shape), label, resize, inputs, numbers);
    }

    /** The same with the class in that column; null for where it is usually. */
    public DatasetRequest labelledBy(String column) {
        return new DatasetRequest(part, shape, Optional.ofNullable(column), resize, inputs, numbers);
    }

    /** The same with pictures made to fit. */
    public DatasetRequest resizing(boolean resize) {
        return new DatasetRequest(part, shape, label, resize, inputs, numbers);
    }

    /** The same for a model with these inputs, in the order of its signature. */
    public DatasetRequest joining(Map<String, Shape> several) {
        return new DatasetRequest(part, shape, label, resize, several, numbers);
    }

    /** The same for a model that gives one number. */
    public DatasetRequest wantingNumbers(boolean one) {
        return new DatasetRequest(part, shape, label, resize, inputs, one);
    }
}
