package dev.tern.importers.export;

import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.importers.onnx.schema.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Codes by integers alone, as calls of {@link IntegerFunction}s. */
record IntegerExport(Translation translation, AxisOrder layout) {
    /** Neighbours among which a factor of a product of scales lies. */
    private static final int NEAR = 4;

    private OnnxGraph out() {
        return translation.out();
    }

    /** Codes, int8 or uint8; a sum or product of two codes goes into the same call. */
    String requantize(Operation.Requantize operation) {
        Requantization rule = operation.rule();
        boolean single = rule.rounding() != FixedPoint.Rounding.DOUBLE;
        if (translation.operation(operation.x()) instanceof Operation.CombineCodes combined) {
            return combine(combined, rule, single);
        }
        Optional<float[]> scales = operation.weightScale().map(translation::floats);
        int[] bias = operation.bias().map(translation::floats).map(Requantization::whole).orElse(new int[1]);
        List<String> operands = new ArrayList<>(List.of(
                new ProductExport(translation, layout).accumulators(operation.x(), layout),
                out().integers("bias", TensorKind.INT32, perChannel(bias.length), bias)));
        operands.addAll(rescale(rule, rule.factors(scales)));
        List<AttributeProto> attributes = new ArrayList<>(to(rule));
        scales.ifPresent(values -> attributes.add(Attribute.of("weight_scales", values)));
        return out().call(single ? IntegerFunction.REQUANTIZE_SINGLE : IntegerFunction.REQUANTIZE, operands,
                attributes.toArray(AttributeProto[]::new));
    }

    private List<Integer> perChannel(int count) {
        return count == 1 ? List.of() : layout.perChannel(count);
    }

    /** The operands that all functions end with. */
    private List<String> rescale(Requantization rule, FixedPoint[] factors) {
        List<Integer> shape = perChannel(factors.length);
        boolean single = rule.rounding() != FixedPoint.Rounding.DOUBLE;
        return List.of(
                out().longs("multiplier", shape, Arrays.stream(factors).mapToLong(FixedPoint::mantissa).toArray()),
                out().longs("up", shape, Arrays.stream(factors).mapToLong(f -> 1L << f.left()).toArray()),
                out().longs("down", shape, Arrays.stream(factors)
                        .mapToLong(f -> 1L << (single ? FixedPoint.BITS - f.shift() : f.right())).toArray()),
                out().longs("zero", List.of(), rule.zero()), out().longs("lowest", List.of(), rule.lowest()),
                out().longs("highest", List.of(), rule.highest()));
    }

    private static List<AttributeProto> to(Requantization rule) {
        return List.of(Attribute.of("to", TensorKind.of(rule.code()).number()),
                Attribute.of("scale", (float) rule.outputScale()));
    }

    // Two codes

    private String combine(Operation.CombineCodes combined, Requantization rule, boolean single) {
        List<String> operands = new ArrayList<>(List.of(
                translation.value(combined.left(), Form.BYTES, layout),
                translation.value(combined.right(), Form.BYTES, layout),
                table(combined.left(), combined.leftTerm()), table(combined.right(), combined.rightTerm())));
        operands.addAll(rescale(rule, rule.factors(Optional.empty())));
        float[] scales = combined.product() ? factors(combined, rule) : summands(combined, rule);
        List<AttributeProto> attributes = new ArrayList<>(to(rule));
        attributes.add(Attribute.of("left_scale", scales[0]));
        attributes.add(Attribute.of("left_zero", combined.leftTerm().zero()));
        attributes.add(Attribute.of("right_scale", scales[1]));
        attributes.add(Attribute.of("right_zero", combined.rightTerm().zero()));
        attributes.add(Attribute.of("subtract", combined.rightTerm().factor() < 0 ? 1 : 0));
        IntegerFunction function = combined.product()
                ? single ? IntegerFunction.PRODUCT_SINGLE : IntegerFunction.PRODUCT
                : single ? IntegerFunction.SUM_SINGLE : IntegerFunction.SUM;
        return out().call(function, operands, attributes.toArray(AttributeProto[]::new));
    }

    private String table(ValueId codes, CodeTerm term) {
        ElementType.Code code = (ElementType.Code) translation.type(codes).element();
        return out().integers("table", TensorKind.INT32, List.of(1 << code.bits()),
                fromZero(code, term.table(code)));
    }

    /** A table from the lowest code on as one from 0 on, behind which the codes below 0 follow. */
    private static int[] fromZero(ElementType.Code code, int[] table) {
        int[] turned = new int[table.length];
        for (int i = 0; i < table.length; i++) {
            turned[Math.floorMod(i + code.lowest(), table.length)] = table[i];
        }
        return turned;
    }

    /** The scales of two codes that are added: each is half of the common one, times its factor. */
    private static float[] summands(Operation.CombineCodes combined, Requantization rule) {
        double common = Math.scalb(rule.inputScale(), combined.leftTerm().left());
        return new float[]{(float) (combined.leftTerm().factor() * common),
            (float) (Math.abs(combined.rightTerm().factor()) * common)};
    }

    /** The scales of two codes that are multiplied; where one is not told it is what gives the product's factor. */
    private float[] factors(Operation.CombineCodes combined, Requantization rule) {
        Grids grids = new Grids(translation);
        float output = (float) rule.outputScale();
        float factor = (float) (rule.inputScale() / rule.outputScale());
        float left = grids.scale(combined.left()).orElse(1f);
        float right = grids.scale(combined.right()).orElse(factor * output / left);
        if (left * right / output != factor) {
            right = factor * output / left;
            for (int i = 0; i < NEAR; i++) {
                right = Math.nextDown(right);
            }
            for (int i = 0; i < 2 * NEAR && left * right / output != factor; i++) {
                right = Math.nextUp(right);
            }
        }
        return new float[]{left, right};
    }

    // Tables

    /** A code for each code. @param node of the operation */
    String table(Node node, Operation.CodeTable operation) {
        int[] table = Requantization.whole(translation.floats(operation.table()));
        Grids grids = new Grids(translation);
        return out().call(IntegerFunction.TABLE, List.of(translation.value(operation.x(), Form.BYTES, layout),
                out().integers("table", TensorKind.of(operation.code()), List.of(table.length),
                        fromZero(operation.from(), table))),
                Attribute.of("from_scale", grids.scale(operation.x()).orElse(1f)),
                Attribute.of("from_zero", grids.zero(operation.x())),
                Attribute.of("scale", grids.scale(node.id()).orElse(1f)),
                Attribute.of("zero", grids.zero(node.id())));
    }
}
