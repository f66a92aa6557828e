package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Layout;
import dev.tern.importers.network.NetworkOp.Quantize.Rounding;
import dev.tern.importers.network.Node;
import dev.tern.importers.network.Value;
import dev.tern.importers.network.Value.Coding;
import dev.tern.importers.network.WeightCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The quantized operators. A quantized tensor is carried as the reals it stands for, with its coding beside it, so that
 * a pair of QuantizeLinear and DequantizeLinear is one quantizer, and QLinearConv a convolution between two.
 */
final class QuantizedOperators {
    private QuantizedOperators() {
    }

    static void addTo(Map<String, Operator> operators) {
        operators.put("QuantizeLinear", (Operator.Single) QuantizedOperators::quantize);
        operators.put("DequantizeLinear", (Operator.Single) QuantizedOperators::dequantize);
        operators.put("DynamicQuantizeLinear", QuantizedOperators::dynamic);
        operators.put("QLinearConv", (Operator.Single) QuantizedOperators::conv);
        operators.put("QLinearMatMul", (Operator.Single) QuantizedOperators::matMul);
        operators.put("MatMulInteger", (Operator.Single) QuantizedOperators::matMulInteger);
        operators.put("ConvInteger", (Operator.Single) QuantizedOperators::convInteger);
        operators.put("MatMulNBits", (Operator.Single) BlockProducts::matMul);
    }

    // Quantizers

    private static Value quantize(OnnxNode node) {
        ElementKind kind = node.find(2).map(Value::kind)
                .or(() -> OnnxTensors.kind((int) node.integer("output_dtype", 0))).orElse(ElementKind.U8);
        return quantized(node, node.in(0), node.in(1), node.find(2), kind);
    }

    /** Reals on a grid of codes. */
    private static Value quantized(OnnxNode node, Value x, Value scale, Optional<Value> zero, ElementKind kind) {
        Coding.Fixed coding = coding(node, x, scale, zero);
        NetworkOp.Quantize grid = new NetworkOp.Quantize(coding.scales(), coding.zeros(), coding.axis(), kind.lowest(),
                kind.highest(), Rounding.HALF_EVEN);
        return node.network().coded(node.add(grid, x), kind, Optional.of(coding));
    }

    private static Coding.Fixed coding(OnnxNode node, Value x, Value scale, Optional<Value> zero) {
        float[] scales = scale.require("the scale").floats();
        long[] zeros = zero.map(z -> z.require("the zero point").integers()).orElse(new long[scales.length]);
        if (node.integer("block_size", 0) != 0 && scales.length > 1) {
            throw new ImportProblemException("activations quantized in blocks are not supported");
        }
        int axis = scales.length == 1 ? 0 : node.axis("axis", 1, x.rank());
        return new Coding.Fixed(scales, zeros, axis);
    }

    private static Value dequantize(OnnxNode node) {
        Value x = node.in(0);
        if (x.coding().isPresent()) {
            return real(node, x, node.in(1), node.find(2));
        }
        if (x.known()) {
            return node.constant(weights(node, x, node.in(1), node.find(2)));
        }
        return ofInput(node, x, node.in(1), node.find(2));
    }

    /** Codes back to what they stand for, under the coding that they were made with. */
    private static Value real(OnnxNode node, Value x, Value scale, Optional<Value> zero) {
        if (x.known() && x.coding().isEmpty()) {
            return node.constant(weights(node, x, scale, zero));
        }
        if (x.coding().isEmpty()) {
            return ofInput(node, x, scale, zero);
        }
        Coding.Fixed asked = coding(node, x, scale, zero);
        if (!(x.coding().get() instanceof Coding.Fixed made) || !made.same(asked)) {
            throw new ImportProblemException("the codes of `" + x.name()
                    + "` are read under another scale or zero point than they were made with");
        }
        return node.network().coded(x, ElementKind.F32, Optional.empty());
    }

    /** Codes that the model gets as its input. */
    private static Value ofInput(OnnxNode node, Value x, Value scale, Optional<Value> zero) {
        if (node.network().producer(x).isPresent() || x.kind().floating()) {
            throw new ImportProblemException("`" + x.name() + "` is computed in integers",
                    "export the model with QuantizeLinear and DequantizeLinear around float operators (QDQ)");
        }
        return ofInput(node, x, coding(node, x, scale, zero));
    }

    /** Bytes that the model gets as its input, as the whole numbers that they are. */
    static Value numbers(OnnxNode node, Value x) {
        return ofInput(node, x, new Coding.Fixed(new float[]{1}, new long[]{0}, 0));
    }

    private static Value ofInput(OnnxNode node, Value x, Coding.Fixed coding) {
        Value real = node.add(new NetworkOp.Quantize(coding.scales(), coding.zeros(), coding.axis(), x.kind().lowest(),
                x.kind().highest(), Rounding.HALF_EVEN), x);
        return node.network().coded(real, ElementKind.F32, Optional.empty());
    }

    /** Integers, scales and zero points as quantized weights. */
    private static Constant weights(OnnxNode node, Value x, Value scale, Optional<Value> zero) {
        Constant codes = x.require("the codes");
        float[] scales = scale.require("the scale").floats();
        long[] zeros = zero.map(z -> z.require("the zero point").integers()).orElse(new long[]{0});
        int block = (int) node.integer("block_size", 0);
        if (block != 0) {
            return blocks(codes, scales, zeros, node.axis("axis", 1, x.rank()), block);
        }
        int axis = scales.length == 1 ? 0 : node.axis("axis", 1, x.rank());
        return coded(codes, scales, zeros, axis);
    }

    /** Integers less their zero points, as codes. */
    private static Constant coded(Constant codes, float[] scales, long[] zeros, int axis) {
        int inner = scales.length == 1 ? 1 : Extents.strides(codes.shape())[axis];
        long[] values = codes.integers().clone();
        boolean symmetric = true;
        for (int i = 0; i < values.length; i++) {
            long zero = zeros[i / inner % zeros.length];
            symmetric &= zero == 0;
            values[i] -= zero;
        }
        int bits = Math.max(2, codes.kind().bits());
        return WeightCodes.coded(codes.shape(), values,
                WeightCodes.fewest(values, symmetric || codes.kind().lowest() == 0 ? bits : bits + 1), false, scales,
                axis);
    }

    /** A scale for each block of an axis: floats. */
    private static Constant blocks(Constant codes, float[] scales, long[] zeros, int axis, int block) {
        List<Integer> shape = codes.shape();
        int blocks = (shape.get(axis) + block - 1) / block;
        int inner = Extents.strides(shape)[axis];
        if (block < 1 || scales.length != Extents.elements(Extents.with(shape, axis, blocks))) {
            throw new ImportProblemException(scales.length + " scales do not go with blocks of " + block + " in "
                    + shape);
        }
        long[] values = codes.integers();
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            int at = i / inner % shape.get(axis);
            int of = (i / inner / shape.get(axis) * blocks + at / block) * inner + i % inner;
            floats[i] = (values[i] - zeros[of % zeros.length]) * scales[of];
        }
        return new Constant.Floats(shape, floats);
    }

    // Products of codes

    private static Value conv(OnnxNode node) {
        Value x = real(node, node.in(0), node.in(1), node.find(2));
        Value weights = node.constant(coded(node.in(3).require("the weights"), node.in(4).require("the scale").floats(),
                node.in(5).require("the zero point").integers(), 0));
        List<Value> operands = new ArrayList<>(List.of(x, ProductOperators.channelsLast(node, weights)));
        float[] scales = product(node.in(1), node.in(4));
        node.find(8).ifPresent(bias -> operands.add(node.constant(scaled(bias, scales))));
        Value sum = node.add(convolution(node, x, operands.get(1)), operands);
        return quantized(node, sum, node.in(6), node.find(7), node.in(7).kind());
    }

    private static NetworkOp.Conv convolution(OnnxNode node, Value x, Value weights) {
        return new NetworkOp.Conv(ProductOperators.window(node, x, weights.shape().subList(1, weights.rank() - 1),
                Layout.CHANNELS_FIRST), (int) node.integer("group", 1), Layout.CHANNELS_FIRST);
    }

    private static float[] product(Value inputScale, Value weightScale) {
        float input = inputScale.require("the scale").floats()[0];
        float[] scales = weightScale.require("the scale").floats().clone();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= input;
        }
        return scales;
    }

    /** A bias on the accumulator's scale. */
    private static Constant scaled(Value bias, float[] scales) {
        long[] codes = bias.require("the bias").integers();
        float[] values = new float[codes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = codes[i] * scales[i % scales.length];
        }
        return new Constant.Floats(bias.shape(), values);
    }

    private static Value matMul(OnnxNode node) {
        Value a = real(node, node.in(0), node.in(1), node.find(2));
        Value weights = node.in(3);
        float[] scales = node.in(4).require("the scale").floats();
        Value b = weights.known() && weights.coding().isEmpty()
                ? node.constant(coded(weights.require("the weights"), scales,
                        node.in(5).require("the zero point").integers(), Math.max(0, weights.rank() - 1)))
                : real(node, weights, node.in(4), node.find(5));
        return quantized(node, node.add(new NetworkOp.MatMul(), a, b), node.in(6), node.find(7), node.in(7).kind());
    }

    // Dynamic quantization

    private static List<Value> dynamic(OnnxNode node) {
        Value x = node.in(0);
        Value real = node.add(new NetworkOp.DynamicQuantize(Byte.SIZE, NetworkOp.DynamicQuantize.Rule.MINMAX, false,
                false), x);
        Value scale = node.add(new NetworkOp.DynamicScale(), x);
        return List.of(
                node.network().coded(real, ElementKind.U8, Optional.of(new Coding.Measured(scale.id(), true))), scale,
                node.add(new NetworkOp.DynamicZero(), x));
    }

    private static Value matMulInteger(OnnxNode node) {
        Value b = node.in(1);
        Value a = unshifted(node);
        Value weights = unscaled(node, b, node.find(3), Math.max(0, b.rank() - 1));
        return CodedProducts.sum(node, a, ElementKind.I32,
                real -> node.add(new NetworkOp.MatMul(), real, weights));
    }

    private static Value convInteger(OnnxNode node) {
        Value x = unshifted(node);
        Value weights = ProductOperators.channelsLast(node, unscaled(node, node.in(1), node.find(3), 0));
        return CodedProducts.sum(node, x, ElementKind.I32,
                real -> node.add(convolution(node, real, weights), real, weights));
    }

    /** The first operand, its own zero point taken off. */
    private static Value unshifted(OnnxNode node) {
        return CodedProducts.lessZero(node, node.in(0), node.find(2))
                .orElseThrow(() -> new ImportProblemException(
                        "a product of integers that no quantizer made, or under another zero point than theirs",
                        "export the model with QuantizeLinear and DequantizeLinear around float operators (QDQ)"));
    }

    private static Value unscaled(OnnxNode node, Value weights, Optional<Value> zero, int axis) {
        long[] zeros = zero.map(z -> z.require("the zero point").integers()).orElse(new long[]{0});
        long[] taken = weights.require("the weights").integers().clone();
        int inner = zeros.length == 1 ? 1 : Extents.strides(weights.shape())[axis];
        for (int i = 0; i < taken.length; i++) {
            taken[i] -= zeros[i / inner % zeros.length];
        }
        return node.constant(WeightCodes.coded(weights.shape(), taken, WeightCodes.fewest(taken, Byte.SIZE), false,
                new float[]{1}, 0));
    }
}
