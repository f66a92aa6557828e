package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads tensors of a file that must have a given shape and type, and checks every element. */
final class TensorReader {
    private final TensorSource source;
    private final ParameterLayout layout;
    private final Consumer<Diagnostic> report;

    TensorReader(TensorSource source, ParameterLayout layout, Consumer<Diagnostic> report) {
        this.source = source;
        this.layout = layout;
        this.report = report;
    }

    /** Finite f32 elements. @return empty if an error was reported */
    Optional<Tensor.Floats> floats(TensorEntry entry, Demand demand) {
        if (!hasType(entry, entry.type().floating(), "F32", demand.position())) {
            return Optional.empty();
        }
        return demand.role().perChannel() && isOne(entry.dimensions())
                ? finite(entry, Shape.scalar(), ElementOrder.same(Shape.scalar()), demand.position())
                        .map(one -> repeated(one, demand.shape()))
                : order(entry, demand).flatMap(order -> finite(entry, demand.shape(), order, demand.position()));
    }

    /** Whether there is one element, under however many dimensions. */
    private static boolean isOne(List<Long> dimensions) {
        return dimensions.stream().allMatch(size -> size == 1);
    }

    /** One number for all channels. */
    private static Tensor.Floats repeated(Tensor.Floats one, Shape shape) {
        float[] values = new float[shape.elements()];
        Arrays.fill(values, one.values()[0]);
        return new Tensor.Floats(shape, values);
    }

    /**
     * One scale, or one for each output channel, whatever dimensions of 1 follow, or one for each group of inputs of
     * each; finite and at least 0.
     */
    Optional<Tensor.Floats> scale(TensorEntry entry, Demand demand) {
        Position asked = demand.position();
        int channels = demand.shape().dimension(0);
        int groups = Math.max(1, demand.parts().size());
        List<Long> sizes = entry.dimensions();
        boolean column = groups == 1 && sizes.size() > 1 && sizes.getFirst() == channels
                && isOne(sizes.subList(1, sizes.size()));
        boolean one = isOne(sizes) && !sizes.equals(List.of((long) channels));
        Shape shape = one ? Shape.scalar() : groups == 1 ? Shape.of(channels) : Shape.of(channels, groups);
        Optional<Tensor.Floats> scale = hasType(entry, entry.type().floating(), "F32", asked)
                && (one || column || hasShape(entry, shape, asked))
                        ? finite(entry, shape, ElementOrder.same(shape), asked)
                        : Optional.empty();
        for (float value : scale.map(Tensor.Floats::values).orElse(new float[0])) {
            if (value < 0) {
                report.accept(Diagnostic
                        .error(DiagnosticCode.PARAMETER_BAD_CODE,
                                "`" + entry.name() + "` holds " + value + "; a scale is at least 0", entry.position(),
                                "")
                        .alsoAt(asked, "asked for here"));
                return Optional.empty();
            }
        }
        return scale;
    }

    /** Codes of one byte each. */
    Optional<Tensor.Integers> codes(TensorEntry entry, Demand demand) {
        if (!hasType(entry, entry.type() == DataType.I8, "I8", demand.position())) {
            return Optional.empty();
        }
        return order(entry, demand).flatMap(order -> bytes(entry).map(order::read)).flatMap(bytes -> {
            int[] codes = new int[bytes.length];
            Arrays.setAll(codes, i -> bytes[i]);
            return inRange(entry, new Tensor.Integers(demand.shape(), codes), demand.code(), demand.position());
        });
    }

    /** Codes in the bits of {@link PackedRows}. */
    Optional<Tensor.Integers> packed(TensorEntry entry, Shape shape, ElementType.Code code, Position asked) {
        int rows = shape.dimension(0);
        Shape stored = Shape.of(rows, PackedRows.rowBytes(shape.elements() / rows, code));
        if (!hasType(entry, entry.type() == DataType.U8, "U8", asked) || !hasShape(entry, stored, asked)) {
            return Optional.empty();
        }
        return bytes(entry).flatMap(bytes -> {
            int row = PackedRows.rowWithPadding(bytes, rows, shape.elements() / rows, code);
            if (row >= 0) {
                report.accept(Diagnostic.error(DiagnosticCode.PARAMETER_BAD_CODE,
                        "the bits behind the last code in row " + row + " of `" + entry.name() + "` are not 0",
                        entry.position(), ""));
                return Optional.empty();
            }
            int[] codes = PackedRows.unpack(bytes, rows, shape.elements() / rows, code);
            return inRange(entry, new Tensor.Integers(shape, codes), code, asked);
        });
    }

    private boolean hasType(TensorEntry entry, boolean right, String wanted, Position asked) {
        if (!right) {
            report.accept(Diagnostic
                    .error(DiagnosticCode.PARAMETER_BAD_TYPE,
                            "`" + entry.name() + "` must be of type " + wanted + ", but the file has "
                                    + entry.storedType(),
                            entry.position(), "")
                    .alsoAt(asked, "asked for here"));
        }
        return right;
    }

    /** The order in which the file's layout has a parameter; reports where none has the file's dimensions. */
    private Optional<ElementOrder> order(TensorEntry entry, Demand demand) {
        StoredForm form = layout.form(demand);
        ElementOrder order = form.order(entry.dimensions());
        if (order != null) {
            return Optional.of(order);
        }
        Diagnostic misshapen = misshapen(entry, form.orders().getFirst().dimensions(), demand.position());
        List<ParameterLayout> others = Arrays.stream(ParameterLayout.values()).filter(other -> other != layout && other
                .form(demand).order(entry.dimensions()) != null).toList();
        report.accept(others.isEmpty()
                ? permuted(entry, form.orders().getFirst().dimensions(), misshapen)
                : misshapen.help("it has the shape that " + others.getFirst().framework() + " gives it: if the file is "
                        + "of that layout, write `layout: " + others.getFirst().word()
                        + "` behind the file's name in the model"));
        return Optional.empty();
    }

    private boolean hasShape(TensorEntry entry, Shape shape, Position asked) {
        List<Long> wanted = Arrays.stream(shape.toArray()).asLongStream().boxed().toList();
        if (entry.dimensions().equals(wanted)) {
            return true;
        }
        report.accept(permuted(entry, wanted, misshapen(entry, wanted, asked)));
        return false;
    }

    private Diagnostic misshapen(TensorEntry entry, List<Long> wanted, Position asked) {
        return Diagnostic
                .error(DiagnosticCode.PARAMETER_MISSHAPEN,
                        "`" + entry.name() + "` has the shape " + entry.dimensions()
                                + " in the file, but the model needs " + wanted
                                + (layout == ParameterLayout.TERN ? "" : " in " + layout.framework() + "'s layout"),
                        entry.position(), "")
                .alsoAt(asked, "asked for here");
    }

    private Diagnostic permuted(TensorEntry entry, List<Long> wanted, Diagnostic misshapen) {
        boolean permuted = entry.dimensions().stream().sorted().toList().equals(wanted.stream().sorted().toList());
        return permuted && layout == ParameterLayout.TERN
                ? misshapen.help("the sizes are the same in another order: weights are [out, in], those of "
                        + "convolutions [out, height, width, in / groups]")
                : misshapen;
    }

    private Optional<Tensor.Floats> finite(TensorEntry entry, Shape shape, ElementOrder order, Position asked) {
        float[] values;
        try {
            values = order.read(source.floats(entry));
        } catch (IOException e) {
            unreadable(entry, e);
            return Optional.empty();
        }
        int first = -1;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                first = first < 0 ? i : first;
                count++;
            }
        }
        if (count > 0) {
            report.accept(Diagnostic
                    .error(DiagnosticCode.PARAMETER_NOT_FINITE,
                            "`" + entry.name() + "` holds " + values[first] + " at " + index(first, shape)
                                    + (count > 1 ? ", the first of " + count + " elements that are not finite" : ""),
                            entry.position(), "")
                    .alsoAt(asked, "asked for here"));
            return Optional.empty();
        }
        return Optional.of(new Tensor.Floats(shape, values));
    }

    private Optional<byte[]> bytes(TensorEntry entry) {
        try {
            return Optional.of(source.bytes(entry));
        } catch (IOException e) {
            unreadable(entry, e);
            return Optional.empty();
        }
    }

    private void unreadable(TensorEntry entry, IOException e) {
        report.accept(Diagnostic.error(DiagnosticCode.PARAMETERS_UNREADABLE,
                "`" + entry.name() + "` cannot be read: " + e.getMessage(), entry.position(), ""));
    }

    private Optional<Tensor.Integers> inRange(TensorEntry entry, Tensor.Integers codes, ElementType.Code code,
            Position asked) {
        int lowest = code.equals(ElementType.TERNARY) ? -1 : code.lowest();
        for (int i = 0; i < codes.values().length; i++) {
            int value = codes.values()[i];
            if (value < lowest || value > code.highest() || code.bipolar() && value == 0) {
                String allowed = code.bipolar() ? "-1 or 1" : lowest + " to " + code.highest();
                report.accept(Diagnostic
                        .error(DiagnosticCode.PARAMETER_BAD_CODE,
                                "`" + entry.name() + "` holds the code " + value + " at " + index(i, codes.shape())
                                        + "; the scheme has " + allowed,
                                entry.position(), "")
                        .alsoAt(asked, "asked for here"));
                return Optional.empty();
            }
        }
        return Optional.of(codes);
    }

    /** {@code [3, 0, 1]}: where an element stands. */
    static String index(int element, Shape shape) {
        int[] index = new int[shape.rank()];
        int rest = element;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.dimension(axis);
            rest /= shape.dimension(axis);
        }
        return Arrays.toString(index);
    }
}
