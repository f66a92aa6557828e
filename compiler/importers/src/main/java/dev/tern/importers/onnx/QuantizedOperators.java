package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignValue.Coding;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Layout;
import dev.tern.importers.network.NetworkOp.Quantize.Rounding;
import dev.tern.importers.network.NetworkOp.Unary;
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

    static void addTo(Map<String, OnnxTranslator> operators) {
        operators.put("QuantizeLinear", (OnnxTranslator.Single) QuantizedOperators::quantize);
        operators.put("DequantizeLinear", (OnnxTranslator.Single) QuantizedOperators::dequantize);
        operators.put("DynamicQuantizeLinear", QuantizedOperators::dynamic);
        operators.put("QLinearConv", (OnnxTranslator.Single) QuantizedOperators::conv);
        operators.put("QLinearMatMul", (OnnxTranslator.Single) QuantizedOperators::matMul);
        operators.put("MatMulInteger", (OnnxTranslator.Single) QuantizedOperators::matMulInteger);
        operators.put("ConvInteger", (OnnxTranslator.Single) QuantizedOperators::convInteger);
        operators.put("MatMulNBits", (OnnxTranslator.Single) BlockProducts::matMul);
    }

    // Quantizers

    private static ForeignValue quantize(OnnxNode node) {
        ElementKind kind = node.find(2).map(ForeignValue::kind)
                .or(() -> OnnxTensors.kind((int) node.integer("output_dtype", 0))).orElse(ElementKind.U8);
        return quantized(node, node.in(0), node.in(1), node.find(2), kind);
    }

    /** Reals on a grid of codes. */
    static ForeignValue quantized(OnnxNode node, ForeignValue x, ForeignValue scale,
            Optional<ForeignValue> zero, ElementKind kind) {
        Coding.Fixed coding = coding(node, x, scale, zero);
        Optional<ForeignNode> clip = node.network().producer(x).filter(made -> x.coding().isEmpty()
                && made.op() instanceof Unary unary && unary.function() == Unary.Function.CLIP);
        if (clip.isPresent()) {
            Unary held = (Unary) clip.get().op();
            Optional<Long> lowest = code(held.alpha(), coding, kind);
            Optional<Long> highest = code(held.beta(), coding, kind);
            if (lowest.isPresent() && highest.isPresent() && ofBits(lowest.get(), highest.get())) {
                return quantized(node, clip.get().x(), coding, kind, lowest.get(), highest.get());
            }
        }
        return quantized(node, x, coding, kind, kind.lowest(), kind.highest());
    }

    private static ForeignValue quantized(OnnxNode node, ForeignValue x, Coding.Fixed coding, ElementKind kind,
            long lowest, long highest) {
        NetworkOp.Quantize grid = new NetworkOp.Quantize(coding.scales(), coding.zeros(), coding.axis(), lowest,
                highest, Rounding.HALF_EVEN);
        return node.network().coded(node.add(grid, x), kind, Optional.of(coding));
    }

    /** Whether codes are all that a number of bits has, the least left out or not. */
    private static boolean ofBits(long lowest, long highest) {
        boolean power = highest > 0 && (highest & highest + 1) == 0;
        return power && (lowest == 0 || lowest == -highest || lowest == -highest - 1);
    }

    /**
     * The code to which a quantizer comes of a number by which its input is held, so that its codes may be held in the
     * place of its input; empty where the number is none of the grid's.
     */
    private static Optional<Long> code(float bound, Coding.Fixed coding, ElementKind kind) {
        float scale = coding.scales()[0];
        long zero = coding.zeros()[0];
        if (coding.scales().length > 1 || !(scale > 0)) {
            return Optional.empty();
        }
        if (bound <= scale * (kind.lowest() - zero)) {
            return Optional.of(kind.lowest());
        }
        if (bound >= scale * (kind.highest() - zero)) {
            return Optional.of(kind.highest());
        }
        long code = (long) Math.rint(bound / scale) + zero;
        return Optional.of(code).filter(found -> scale * (found - zero) == bound);
    }

    private static Coding.Fixed coding(OnnxNode node, ForeignValue x, ForeignValue scale, Optional<ForeignValue> zero) {
        float[] scales = scale.require("the scale").floats();
        long[] zeros = zero.map(z -> z.require("the zero point").integers()).orElse(new long[scales.length]);
        if (node.integer("block_size", 0) != 0 && scales.length > 1) {
            throw new ImportProblemException("activations quantized in blocks are not supported");
        }
        int axis = scales.length == 1 ? 0 : node.axis("axis", 1, x.rank());
        return new Coding.Fixed(scales, zeros, axis);
    }

    private static ForeignValue dequantize(OnnxNode node) {
        ForeignValue x = node.in(0);
        if (x.coding().isPresent()) {
            return real(node, x, node.in(1), node.find(2));
        }
        if (x.known()) {
            return node.constant(weights(node, x, node.in(1), node.find(2)));
        }
        return ofInput(node, x, node.in(1), node.find(2));
    }

    /** Codes back to what they stand for, under the coding that they were made with. */
    static ForeignValue real(OnnxNode node, ForeignValue x, ForeignValue scale, Optional<ForeignValue> zero) {
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
    private static ForeignValue ofInput(OnnxNode node, ForeignValue x, ForeignValue scale,
            Optional<ForeignValue> zero) {
        if (node.network().producer(x).isPresent() || x.kind().floating()) {
            throw new ImportProblemException("`" + x.name() + "` is computed in integers",
                    "export the model with QuantizeLinear and DequantizeLinear around float operators (QDQ)");
        }
        return ofInput(node, x, coding(node, x, scale, zero));
    }

    /** Bytes that the model gets as its input, as the whole numbers that they are. */
    static ForeignValue numbers(OnnxNode node, ForeignValue x) {
        return ofInput(node, x, new Coding.Fixed(new float[]{1}, new long[]{0}, 0));
    }

    /** Codes that the model gets as its input, under a coding. */
    static ForeignValue ofInput(OnnxNode node, ForeignValue x, Coding.Fixed coding) {
        ForeignValue real = node.add(new NetworkOp.Quantize(coding.scales(), coding.zeros(), coding.axis(), x.kind()
                .lowest(),
                x.kind().highest(), Rounding.HALF_EVEN), x);
        return node.network().coded(real, ElementKind.F32, Optional.empty());
    }

    /** Integers, scales and zero points as quantized weights. */
    private static Constant weights(OnnxNode node, ForeignValue x, ForeignValue scale, Optional<ForeignValue> zero) {
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

    private static ForeignValue conv(OnnxNode node) {
        ForeignValue x = real(node, node.in(0), node.in(1), node.find(2));
        ForeignValue weights = node.constant(coded(node.in(3).require("the weights"), node.in(4).require("the scale")
                .floats(),
                node.in(5).require("the zero point").integers(), 0));
        List<ForeignValue> operands = new ArrayList<>(List.of(x, ProductOperators.channelsLast(node, weights)));
        float[] scales = product(node.in(1), node.in(4));
        node.find(8).ifPresent(bias -> operands.add(node.constant(scaled(bias, scales))));
        ForeignValue sum = node.add(convolution(node, x, operands.get(1)), operands);
        return quantized(node, sum, node.in(6), node.find(7), node.in(7).kind());
    }

    private static NetworkOp.Conv convolution(OnnxNode node, ForeignValue x, ForeignValue weights) {
        return new NetworkOp.Conv(ProductOperators.window(node, x, weights.shape().subList(1, weights.rank() - 1),
                Layout.CHANNELS_FIRST), (int) node.integer("group", 1), Layout.CHANNELS_FIRST);
    }

    static float[] product(ForeignValue inputScale, ForeignValue weightScale) {
        float input = inputScale.require("the scale").floats()[0];
        float[] scales = weightScale.require("the scale").floats().clone();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= input;
        }
        return scales;
    }

    /** A bias on the accumulator's scale. */
    static Constant scaled(ForeignValue bias, float[] scales) {
        long[] codes = bias.require("the bias").integers();
        float[] values = new float[codes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = codes[i] * scales[i % scales.length];
        }
        return new Constant.Floats(bias.shape(), values);
    }

    private static ForeignValue matMul(OnnxNode node) {
        ForeignValue a = real(node, node.in(0), node.in(1), node.find(2));
        ForeignValue b = weights(node, node.in(3), node.in(4), node.find(5), Math.max(0, node.in(3).rank() - 1));
        return quantized(node, node.add(new NetworkOp.MatMul(), a, b), node.in(6), node.find(7), node.in(7).kind());
    }

    /** Weights that the file holds, or codes that the network computes. @param axis of several scales */
    static ForeignValue weights(OnnxNode node, ForeignValue weights, ForeignValue scale, Optional<ForeignValue> zero,
            int axis) {
        if (!weights.known() || weights.coding().isPresent()) {
            return real(node, weights, scale, zero);
        }
        float[] scales = scale.require("the scale").floats();
        long[] zeros = zero.map(z -> z.require("the zero point").integers()).orElse(new long[]{0});
        return node.constant(coded(weights.require("the weights"), scales, zeros, axis));
    }

    // Dynamic quantization

    private static List<ForeignValue> dynamic(OnnxNode node) {
        ForeignValue x = node.in(0);
        ForeignValue real = node.add(new NetworkOp.DynamicQuantize(Byte.SIZE, NetworkOp.DynamicQuantize.Rule.MINMAX,
                false,
                false), x);
        ForeignValue scale = node.add(new NetworkOp.DynamicScale(), x);
        return List.of(
                node.network().coded(real, ElementKind.U8, Optional.of(new Coding.Measured(scale.id(), true))), scale,
                node.add(new NetworkOp.DynamicZero(), x));
    }

    private static ForeignValue matMulInteger(OnnxNode node) {
        ForeignValue b = node.in(1);
        ForeignValue a = unshifted(node, 0, 2);
        if (!b.known()) {
            return CodedProducts.ofTwo(node, a, unshifted(node, 1, 3), ElementKind.I32);
        }
        ForeignValue weights = unscaled(node, b, node.find(3), Math.max(0, b.rank() - 1));
        return CodedProducts.sum(node, a, ElementKind.I32,
                real -> node.add(new NetworkOp.MatMul(), real, weights));
    }

    static ForeignValue convInteger(OnnxNode node) {
        ForeignValue x = unshifted(node, 0, 2);
        ForeignValue weights = ProductOperators.channelsLast(node, unscaled(node, node.in(1), node.find(3), 0));
        return CodedProducts.sum(node, x, ElementKind.I32,
                real -> node.add(convolution(node, real, weights), real, weights));
    }

    /** An operand, its own zero point taken off. */
    private static ForeignValue unshifted(OnnxNode node, int operand, int zero) {
        return CodedProducts.lessZero(node, node.in(operand), node.find(zero))
                .orElseThrow(() -> new ImportProblemException(
                        "a product of integers that no quantizer made, or under another zero point than theirs",
                        "export the model with QuantizeLinear and DequantizeLinear around float operators (QDQ)"));
    }

    private static ForeignValue unscaled(OnnxNode node, ForeignValue weights, Optional<ForeignValue> zero, int axis) {
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
