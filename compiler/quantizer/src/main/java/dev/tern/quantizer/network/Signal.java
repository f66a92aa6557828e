package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Shape;
import java.util.Arrays;

/**
 * The values at one place of a network for a batch of examples, and the gradient of the loss there.
 *
 * <p>Values are row-major, examples outermost, channels last: {@code value[example * size + element]}. A parameter or a
 * constant is a signal of batch 1. Codes are kept as the reals they stand for. A signal that nothing learns from (the
 * input, and what is computed from it alone) has no gradient: {@code gradient} is empty and layers skip it.
 */
public final class Signal {
    final int batch;
    final Shape shape;
    final int size;
    final float[] value;
    final float[] gradient;

    private Signal(int batch, Shape shape, boolean differentiable) {
        this.batch = batch;
        this.shape = shape;
        this.size = shape.elements();
        this.value = new float[Math.multiplyExact(batch, size)];
        this.gradient = new float[differentiable ? value.length : 0];
    }

    /** A signal of {@code batch} examples of {@code shape} that carries a gradient. */
    public static Signal differentiable(int batch, Shape shape) {
        return new Signal(batch, shape, true);
    }

    /** A signal of {@code batch} examples of {@code shape} that nothing learns from. */
    public static Signal constant(int batch, Shape shape) {
        return new Signal(batch, shape, false);
    }

    /** A new signal for what is computed from these: the larger batch, differentiable if one of them is. */
    static Signal computedFrom(Shape shape, Signal... operands) {
        int batch = Arrays.stream(operands).mapToInt(s -> s.batch).max().orElse(1);
        boolean differentiable = Arrays.stream(operands).anyMatch(Signal::isDifferentiable);
        return new Signal(batch, shape, differentiable);
    }

    /** Whether gradients are accumulated here. */
    public boolean isDifferentiable() {
        return gradient.length > 0;
    }

    /** The number of examples. */
    public int batch() {
        return batch;
    }

    /** The shape of one example. */
    public Shape shape() {
        return shape;
    }

    /** The values themselves, not a copy: {@code batch} times the elements of the shape. */
    public float[] value() {
        return value;
    }

    /** The gradient itself, not a copy; empty when not differentiable. */
    public float[] gradient() {
        return gradient;
    }

    /** Where an example's values begin; those of a parameter or a constant are every example's. */
    int start(int example) {
        return batch == 1 ? 0 : example * size;
    }

    /** The size of the last axis. */
    int channels() {
        return shape.channels();
    }

    void clearGradient() {
        Arrays.fill(gradient, 0f);
    }
}
