package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNetworkBuilder;
import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.onnx.schema.AttributeProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One node while it is translated: what it reads, its attributes, and where its operations go.
 *
 * @param version of the operator set that its domain is imported with
 * @param inputs empty where an optional input is left out
 * @param outputs how many outputs it has
 */
record OnnxNode(ForeignOrigin origin, int version, List<Optional<ForeignValue>> inputs, int outputs,
        Map<String, AttributeProto> attributes, ForeignNetworkBuilder network, OnnxTensors tensors) {
    // Operands

    int inputCount() {
        return inputs.size();
    }

    /** @throws ImportProblemException if it is left out */
    ForeignValue in(int index) {
        return find(index).orElseThrow(() -> new ImportProblemException("input " + index + " is missing"));
    }

    Optional<ForeignValue> find(int index) {
        return index < inputs.size() ? inputs.get(index) : Optional.empty();
    }

    /** All inputs that are given. */
    List<ForeignValue> all() {
        return inputs.stream().flatMap(Optional::stream).toList();
    }

    // Attributes

    boolean has(String name) {
        return attributes.containsKey(name);
    }

    long integer(String name, long otherwise) {
        return has(name) ? attributes.get(name).getI() : otherwise;
    }

    float decimal(String name, float otherwise) {
        return has(name) ? attributes.get(name).getF() : otherwise;
    }

    /** A list of decimals; without elements where it is left out. */
    float[] decimals(String name) {
        List<Float> listed = has(name) ? attributes.get(name).getFloatsList() : List.of();
        float[] values = new float[listed.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = listed.get(i);
        }
        return values;
    }

    String text(String name, String otherwise) {
        return has(name) ? attributes.get(name).getS().toStringUtf8() : otherwise;
    }

    Optional<List<Integer>> integers(String name) {
        return has(name)
                ? Optional.of(attributes.get(name).getIntsList().stream().map(OnnxNode::whole).toList())
                : Optional.empty();
    }

    /** A number that fits 32 bits; greater ones, which stand for "to the end", become the greatest. */
    static int whole(long value) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    Optional<Constant> tensor(String name) {
        try {
            return has(name) && attributes.get(name).hasT()
                    ? Optional.of(tensors.read(attributes.get(name).getT()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A list that old operator sets have as an attribute and new ones as an input.
     *
     * @return empty where neither is given
     */
    Optional<List<Integer>> integers(String attribute, int input) {
        Optional<List<Integer>> listed = integers(attribute);
        return listed.isPresent() ? listed : find(input).map(value -> whole(value, attribute));
    }

    /** Integers that are known at import. */
    static List<Integer> whole(ForeignValue value, String what) {
        return Arrays.stream(value.require("`" + what + "`").integers()).mapToObj(OnnxNode::whole).toList();
    }

    /** An attribute that is an axis. */
    int axis(String name, long otherwise, int rank) {
        return Extents.axis(integer(name, otherwise), rank);
    }

    /** Axes counted from 0, in ascending order, each once. */
    static List<Integer> axes(List<Integer> axes, int rank) {
        List<Integer> counted = axes.stream().map(axis -> Extents.axis(axis, rank)).sorted().distinct().toList();
        if (counted.size() != axes.size()) {
            throw new ImportProblemException("the axes " + axes + " name one twice");
        }
        return counted;
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

    ForeignValue reshape(ForeignValue x, List<Integer> shape) {
        return x.shape().equals(shape) ? x : add(new NetworkOp.Reshape(shape), x);
    }

    ForeignValue transpose(ForeignValue x, List<Integer> order) {
        return order.equals(Extents.range(x.rank())) ? x : add(new NetworkOp.Transpose(order), x);
    }

    ForeignValue constant(Constant constant) {
        return network.constant(origin.name(), constant);
    }

    ForeignValue integers(long... values) {
        return constant(Constant.Integers.vector(values));
    }

    /** A shape with its sizes changed one by one. */
    static List<Integer> changed(List<Integer> shape, UnaryOperator<List<Integer>> change) {
        return List.copyOf(change.apply(new ArrayList<>(shape)));
    }
}
