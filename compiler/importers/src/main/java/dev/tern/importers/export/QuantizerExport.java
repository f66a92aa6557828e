package dev.tern.importers.export;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Quantizers, their scales and zero points. */
record QuantizerExport(Translation translation, AxisOrder layout) {
    private static final float SMALLEST_RANGE = 1e-5f;

    private OnnxGraph out() {
        return translation.out();
    }

    private Grids grids() {
        return new Grids(translation);
    }

    String input(Operation.Input input, Node node, Form form) {
        if (!(node.type().element() instanceof ElementType.Code)) {
            return input.name();
        }
        if (!(form instanceof Form.Bytes)) {
            return cast(input.name(), TensorKind.FLOAT);
        }
        Optional<Float> scale = grids().scale(node.id());
        return scale.isEmpty()
                ? input.name()
                : out().call(IntegerFunction.CODES, List.of(input.name()), Attribute.of("scale", scale.get()),
                        Attribute.of("zero", grids().zero(node.id())));
    }

    /** Whether an operation gives codes as bytes. */
    boolean stored(Node node) {
        return switch (node.operation()) {
            case Operation.Requantize _,Operation.CodeTable _ -> true;
            case Operation.Quantize quantize -> translation.scalar(quantize.scale()).isPresent();
            default -> false;
        };
    }

    /** Codes that are given as bytes. */
    String numbers(Node node) {
        return cast(translation.value(node.id(), Form.BYTES, layout), TensorKind.FLOAT);
    }

    private String cast(String value, TensorKind kind) {
        return out().node("Cast", List.of(value), Attribute.of("to", kind.number()));
    }

    // Codes

    /** Codes under a measured scale, or under a known one that products of codes are asked for. */
    String codes(Operation.Quantize quantize, Form form) {
        if (grids().dynamicBytes(quantize)) {
            String bytes = dynamic(quantize.x(), layout).getFirst();
            return form instanceof Form.Bytes ? bytes : numbers(quantize, cast(bytes, TensorKind.FLOAT));
        }
        Optional<Float> scale = translation.scalar(quantize.scale());
        if (scale.isPresent()) {
            return stored(quantize, scale.get(), byteKind(quantize.grid()));
        }
        String x = translation.numbers(quantize.x(), layout);
        Shape shape = translation.shape(quantize.x());
        String rounded = out().node("Round",
                List.of(out().node("Div", List.of(x, scale(quantize.scale(), shape)))));
        String moved = quantize.zero().map(zero -> out().node("Add", List.of(rounded, zero(zero, shape))))
                .orElse(rounded);
        return out().node("Clip", List.of(moved, out().scalar(quantize.grid().lowest()),
                out().scalar(quantize.grid().highest())));
    }

    /** Where nothing is negative the graph has no zero point to take off, but the operator gives one: 0. */
    private String numbers(Operation.Quantize quantize, String codes) {
        return quantize.zero().isPresent()
                ? codes
                : out().node("Sub", List.of(codes, cast(dynamic(((Operation.RangeScale) translation.operation(
                        quantize.scale())).x()).get(2), TensorKind.FLOAT)));
    }

    /** The bytes in which codes are moved and multiplied. */
    private static TensorKind byteKind(Grid grid) {
        return grid.lowest() < 0 ? TensorKind.INT8 : TensorKind.UINT8;
    }

    /**
     * The type of codes that become reals at once: bytes, as ONNX Runtime's optimizer is wrong about narrower ones, or
     * the narrowest, where that is asked for.
     */
    private TensorKind kind(Operation.Quantize quantize) {
        Grid grid = quantize.grid();
        int zero = zero(quantize);
        return translation.options().narrowest()
                ? TensorKind.narrowest(Math.min(grid.lowest(), zero), Math.max(grid.highest(), zero),
                        translation.options().opset())
                : byteKind(grid);
    }

    /**
     * QuantizeLinear, and a Clip where the codes are fewer than those of the type: of bytes behind it, of reals before
     * it where the type is narrower, which Clip does not take.
     */
    private String stored(Operation.Quantize quantize, float scale, TensorKind kind) {
        Grid grid = quantize.grid();
        int zero = zero(quantize);
        boolean whole = whole(kind, grid);
        boolean narrow = kind.bits() < Byte.SIZE;
        String x = translation.numbers(quantize.x(), layout);
        String held = whole || !narrow
                ? x
                : out().node("Clip", List.of(x, out().scalar(scale * (grid.lowest() - zero)),
                        out().scalar(scale * (grid.highest() - zero))));
        String codes = out().node("QuantizeLinear", List.of(held, out().scalar(scale),
                out().integers("zero", kind, List.of(), zero)));
        return whole || narrow
                ? codes
                : out().node("Clip", List.of(codes, out().integers("lowest", kind, List.of(), grid.lowest()),
                        out().integers("highest", kind, List.of(), grid.highest())));
    }

    /** Whether a type has exactly these codes. */
    private static boolean whole(TensorKind kind, Grid grid) {
        return kind.lowest() == grid.lowest() && kind.highest() == grid.highest();
    }

    private int zero(Operation.Quantize quantize) {
        return quantize.zero().map(zero -> integer(zero)).orElse(0);
    }

    private int integer(ValueId id) {
        return ((Tensor.Integers) translation.constant(id).orElseThrow()).values()[0];
    }

    /** Codes under a known scale as what they stand for. */
    String reals(Node node, Form.Reals form) {
        String scale = out().scalar(form.scale());
        if (!(node.operation() instanceof Operation.Quantize quantize)) {
            String codes = node.operation() instanceof Operation.Input input
                    ? input.name()
                    : translation.value(node.id(), Form.BYTES, layout);
            return out().node("DequantizeLinear", List.of(codes, scale,
                    out().integers("zero", TensorKind.of((ElementType.Code) node.type().element()), List.of(),
                            form.zero())));
        }
        Grid grid = quantize.grid();
        if (translation.options().qonnx()) {
            return out().qonnx("Quant", List.of(translation.numbers(quantize.x(), layout), scale,
                    out().scalar(form.zero()), out().scalar(grid.code().bits())),
                    Attribute.of("signed", grid.code().signed() ? 1 : 0), Attribute.of("narrow", grid.lowest() > grid
                            .code().lowest() ? 1 : 0),
                    Attribute.of("rounding_mode", "ROUND"));
        }
        TensorKind kind = kind(quantize);
        return out().node("DequantizeLinear", List.of(stored(quantize, form.scale(), kind), scale,
                out().integers("zero", kind, List.of(), form.zero())));
    }

    /** Reals of codes that are moved before they are made real. */
    String movedReals(Node node, Operation.Dequantize made) {
        ElementType.Code code = (ElementType.Code) translation.type(made.codes()).element();
        return out().node("DequantizeLinear", List.of(translation.value(node.id(), Form.BYTES, layout),
                out().scalar(translation.scalar(made.scale()).orElseThrow()),
                out().integers("zero", TensorKind.of(code), List.of(), made.zero().map(this::integer).orElse(0))));
    }

    String sign(Operation.Sign sign) {
        String x = translation.numbers(sign.x(), layout);
        return translation.options().qonnx()
                ? out().qonnx("BipolarQuant", List.of(x, out().scalar(1)))
                : out().node("Where", List.of(out().node("GreaterOrEqual", List.of(x, out().scalar(0))),
                        out().scalar(1), out().scalar(-1)));
    }

    String ternarize(Operation.Ternarize ternarize) {
        String x = translation.numbers(ternarize.x(), layout);
        String below = out().node("Where", List.of(
                out().node("Less", List.of(x, out().scalar(-ternarize.threshold()))), out().scalar(-1),
                out().scalar(0)));
        return out().node("Where", List.of(
                out().node("Greater", List.of(x, out().scalar(ternarize.threshold()))), out().scalar(1), below));
    }

    String dequantize(Operation.Dequantize dequantize) {
        Optional<Float> scale = translation.scalar(dequantize.scale());
        Optional<Integer> zero = dequantize.zero().filter(id -> translation.constant(id).isPresent())
                .map(this::integer);
        if (scale.isPresent() && grids().fixed(dequantize.codes())
                && dequantize.zero().isPresent() == zero.isPresent()) {
            return translation.value(dequantize.codes(), new Form.Reals(scale.get(), zero.orElse(0)), layout);
        }
        Shape shape = translation.shape(dequantize.codes());
        return out().node("Mul", List.of(lessZero(dequantize.codes(), dequantize.zero(), layout),
                scale(dequantize.scale(), shape)));
    }

    /** Codes as numbers, their zero point taken off where they are made. */
    String lessZero(ValueId codes, Optional<ValueId> zero, AxisOrder wanted) {
        return translation.value(codes, zero.<Form>map(Form.LessZero::new).orElse(Form.NUMBERS), wanted);
    }

    /** Codes that a quantizer or an input gives, their zero point taken off. */
    String shifted(Node node, Form.LessZero form) {
        return out().node("Sub",
                List.of(translation.numbers(node.id(), layout), zero(form.zero(), node.type().shape())));
    }

    // Scales

    /** DynamicQuantizeLinear of a value: codes, scale, zero point. */
    private List<String> dynamic(ValueId x, AxisOrder wanted) {
        List<String> names = new ArrayList<>();
        names.add(translation.once(List.of("dynamic codes", x, wanted), () -> {
            List<String> made = out().nodes("", "DynamicQuantizeLinear", List.of(translation.numbers(x, wanted)), 3);
            translation.once(List.of("dynamic scale", x, wanted), () -> made.get(1));
            translation.once(List.of("dynamic zero", x, wanted), () -> made.get(2));
            return made.getFirst();
        }));
        for (String what : List.of("dynamic scale", "dynamic zero")) {
            names.add(translation.once(List.of(what, x, wanted), () -> {
                throw new IllegalStateException("written with the codes");
            }));
        }
        return names;
    }

    /** The layout in which a value is quantized dynamically: everybody's who asks for its scale. */
    private List<String> dynamic(ValueId range) {
        ValueId x = ((Operation.MeasureRange) translation.operation(range)).x();
        return dynamic(x, translation.layout(x));
    }

    /** The zero point of DynamicQuantizeLinear as it is, uint8. */
    String dynamicZero(ValueId codes) {
        return switch (translation.operation(codes)) {
            case Operation.Quantize quantize -> dynamic(
                    ((Operation.RangeScale) translation.operation(quantize.scale())).x()).get(2);
            case Operation.Concat concat -> dynamicZero(concat.parts().getFirst());
            case Operation.Unary unary -> dynamicZero(unary.x());
            default -> throw new IllegalStateException("no dynamic codes");
        };
    }

    /** A scale that stretches over a value of a shape in Tern's order of axes, or over anything where it is one. */
    String scale(ValueId scale, Shape over) {
        if (translation.scalar(scale).isPresent()) {
            return out().scalar(translation.scalar(scale).get());
        }
        return translation.once(List.of("scale", scale, over.rank()),
                () -> switch (translation.operation(scale)) {
                    case Operation.RangeScale(ValueId range, Grid grid) when grids().dynamicBytes(range, grid) ->
                        dynamic(range).get(1);
                    case Operation.RangeScale(ValueId range, Grid grid) ->
                        stretched(range, measured(range, grid), over);
                    // Of two matrices that are multiplied.
                    case Operation.Elementwise pair when pair.function() == BinaryFunction.MULTIPLY ->
                        out().node("Mul", List.of(scale(pair.left(), over), scale(pair.right(), over)));
                    default -> translation.numbers(scale, AxisOrder.LAST);
                });
    }

    private String measured(ValueId range, Grid grid) {
        Operation.MeasureRange measure = (Operation.MeasureRange) translation.operation(range);
        return translation.once(List.of("measured scale", range, grid), () -> switch (grid.rule()) {
            case ABSMAX -> {
                String x = translation.numbers(measure.x(), measuredIn(measure));
                String greatest = reduced("ReduceMax", out().node("Abs", List.of(x)), measure.perRow());
                yield out().node("Div", List.of(out().node("Max", List.of(greatest, out().scalar(SMALLEST_RANGE))),
                        out().scalar(grid.highest())));
            }
            case MINMAX -> {
                String width = out().node("Sub", List.of(end(range, measure, "Max"), end(range, measure, "Min")));
                String scale = out().node("Div", List.of(width, out().scalar((1 << grid.code().bits()) - 1)));
                yield out().node("Where", List.of(out().node("Equal", List.of(scale, out().scalar(0))),
                        out().scalar(1), scale));
            }
            case GIVEN -> throw new IllegalStateException("a scale that is given is measured");
        });
    }

    private AxisOrder measuredIn(Operation.MeasureRange measure) {
        return measure.perRow() ? AxisOrder.LAST : translation.layout(measure.x());
    }

    /** The greatest or least element, or 0 if that is beyond. */
    private String end(ValueId range, Operation.MeasureRange measure, String which) {
        return translation.once(List.of(which, range), () -> out().node(which, List.of(
                reduced("Reduce" + which, translation.numbers(measure.x(), measuredIn(measure)), measure.perRow()),
                out().scalar(0))));
    }

    private String reduced(String operator, String x, boolean perRow) {
        return perRow
                ? out().node(operator, List.of(x, out().list("axes", List.of(-1))), Attribute.of("keepdims", 1))
                : out().node(operator, List.of(x), Attribute.of("keepdims", 0));
    }

    /** A number of each row, [1, ..., 1], over a value of other leading axes. */
    private String stretched(ValueId range, String scale, Shape over) {
        Operation.MeasureRange measure = (Operation.MeasureRange) translation.operation(range);
        Shape measured = translation.shape(measure.x());
        if (!measure.perRow() || measured.rank() == over.rank()) {
            return scale;
        }
        List<Integer> shape = new ArrayList<>(AxisOrder.LAST.shape(over));
        shape.set(shape.size() - 1, 1);
        return translation.reshaped(scale, shape);
    }

    /** A zero point as a number. */
    String zero(ValueId zero, Shape over) {
        Optional<Tensor> known = translation.constant(zero);
        if (known.isPresent()) {
            return out().scalar(integer(zero));
        }
        Operation.RangeZero made = (Operation.RangeZero) translation.operation(zero);
        return translation.once(List.of("zero", zero, over.rank()), () -> grids().dynamicBytes(made.x(), made.grid())
                ? cast(dynamic(made.x()).get(2), TensorKind.FLOAT)
                : stretched(made.x(), translation.once(List.of("measured zero", zero), () -> {
                    Operation.MeasureRange measure = (Operation.MeasureRange) translation.operation(made.x());
                    String low = out().node("Neg", List.of(end(made.x(), measure, "Min")));
                    String scaled = out().node("Div", List.of(low, measured(made.x(), made.grid())));
                    return out().node("Clip", List.of(out().node("Round", List.of(scaled)), out().scalar(0),
                            out().scalar((1 << made.grid().code().bits()) - 1)));
                }), over));
    }
}
