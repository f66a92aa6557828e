package dev.tern.importers.tflite;

import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNetworkBuilder;
import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One node while it is translated: what it reads, its attributes, and where its operations go.
 *
 * @param inputs empty where an optional input is left out
 * @param read the tensors of the inputs, as the file describes them, null where one is left out
 * @param results those of the outputs
 * @param stored reads the elements of a constant tensor as they are stored
 * @param single products of integers are rounded once, not twice
 */
record TfliteNode(ForeignOrigin origin, List<Optional<ForeignValue>> inputs, List<TfliteTensor> read,
        List<TfliteTensor> results,
        Optional<FlatTable> options, ByteBuffer customOptions, ForeignNetworkBuilder network,
        Function<TfliteTensor, Constant> stored, boolean single) {
    // Operands

    /** @throws ImportProblemException if it is left out */
    ForeignValue in(int index) {
        return find(index).orElseThrow(() -> new ImportProblemException("input " + index + " is missing"));
    }

    Optional<ForeignValue> find(int index) {
        return index < inputs.size() ? inputs.get(index) : Optional.empty();
    }

    FixedPoint.Rounding rounding() {
        return single ? FixedPoint.Rounding.SINGLE : FixedPoint.Rounding.DOUBLE;
    }

    /** The same with other values for its inputs. */
    TfliteNode with(List<Optional<ForeignValue>> values) {
        return new TfliteNode(origin, values, read, results, options, customOptions, network, stored, single);
    }

    /** All inputs that are given. */
    List<ForeignValue> all() {
        return inputs.stream().flatMap(Optional::stream).toList();
    }

    /** The file's description of an input that is given. */
    TfliteTensor tensor(int index) {
        in(index);
        return read.get(index);
    }

    /** The file's description of the first result. */
    TfliteTensor result() {
        return results.getFirst();
    }

    /** The integers of an input as they are stored, whatever they stand for. */
    Constant codes(int index) {
        in(index).require("`" + tensor(index).name() + "`");
        return stored.apply(tensor(index));
    }

    /** Integers that are known at import. */
    List<Integer> whole(int index, String what) {
        return Arrays.stream(in(index).require("`" + what + "`").integers()).mapToObj(TfliteNode::whole).toList();
    }

    /** A number that fits 32 bits; greater ones, which stand for "to the end", become the greatest. */
    static int whole(long value) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    /** Axes of an input of some rank, from 0, ascending, each once. */
    List<Integer> axes(int index, int rank) {
        return whole(index, "axes").stream().map(axis -> Extents.axis(axis, rank)).sorted().distinct().toList();
    }

    // Attributes

    int i8(int field, int otherwise) {
        return options.map(table -> table.i8(field, otherwise)).orElse(otherwise);
    }

    int i32(int field, int otherwise) {
        return options.map(table -> table.i32(field, otherwise)).orElse(otherwise);
    }

    float f32(int field, float otherwise) {
        return options.map(table -> table.f32(field, otherwise)).orElse(otherwise);
    }

    boolean truth(int field) {
        return options.map(table -> table.truth(field)).orElse(false);
    }

    /** A fused activation. */
    FusedActivation activation(int field) {
        return FusedActivation.of(i8(field, 0));
    }

    // Results

    ForeignValue add(NetworkOp op, ForeignValue... operands) {
        return network.add(op, origin, operands);
    }

    ForeignValue add(NetworkOp op, List<ForeignValue> operands) {
        return network.add(op, origin, operands);
    }

    ForeignValue unary(NetworkOp.Unary.Function function, ForeignValue x) {
        return add(new NetworkOp.Unary(function), x);
    }

    ForeignValue binary(NetworkOp.Binary.Function function, ForeignValue x, ForeignValue y) {
        return add(new NetworkOp.Binary(function), x, y);
    }

    ForeignValue clip(ForeignValue x, float low, float high) {
        return add(new NetworkOp.Unary(NetworkOp.Unary.Function.CLIP, low, high), x);
    }

    ForeignValue reshape(ForeignValue x, List<Integer> shape) {
        return x.shape().equals(shape) ? x : add(new NetworkOp.Reshape(shape), x);
    }

    ForeignValue transpose(ForeignValue x, List<Integer> order) {
        return order.equals(Extents.range(x.rank())) ? x : add(new NetworkOp.Transpose(order), x);
    }

    ForeignValue constant(Constant constant) {
        return network.constant(origin.name(), constant);
    }

    /** A result with the activation that is fused into its node. */
    ForeignValue activated(ForeignValue x, FusedActivation activation) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> unary(NetworkOp.Unary.Function.RELU, x);
            case RELU_N1_TO_1 -> clip(x, -1, 1);
            case RELU6 -> clip(x, 0, 6);
            case TANH -> unary(NetworkOp.Unary.Function.TANH, x);
            case SIGN_BIT -> throw new ImportProblemException("the fused activation SIGN_BIT is not supported");
        };
    }

    /** The shape without an axis. */
    static List<Integer> without(List<Integer> shape, int axis) {
        List<Integer> rest = new ArrayList<>(shape);
        rest.remove(axis);
        return List.copyOf(rest);
    }
}
