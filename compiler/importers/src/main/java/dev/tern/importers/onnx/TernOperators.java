package dev.tern.importers.onnx;

import dev.tern.importers.network.CodeGrid;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignValue.Coding;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.QuantizedBinary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The functions that Tern's own files define for what is computed by integers alone. Their bodies compute it from
 * tables and multipliers; here it is read from their attributes, which say from which scales those came.
 */
final class TernOperators {
    static final String DOMAIN = "dev.tern";

    private TernOperators() {
    }

    static void addTo(Map<String, OnnxTranslator> operators) {
        operators.put("Requantize", (OnnxTranslator.Single) node -> requantize(node, false));
        operators.put("RequantizeSingle", (OnnxTranslator.Single) node -> requantize(node, true));
        operators.put("QuantizedSum", (OnnxTranslator.Single) node -> sum(node, false));
        operators.put("QuantizedSumSingle", (OnnxTranslator.Single) node -> sum(node, true));
        operators.put("QuantizedProduct", (OnnxTranslator.Single) node -> combined(node,
                QuantizedBinary.Kind.MULTIPLY, false));
        operators.put("QuantizedProductSingle", (OnnxTranslator.Single) node -> combined(node,
                QuantizedBinary.Kind.MULTIPLY, true));
        operators.put("Codes", (OnnxTranslator.Single) node -> {
            CodeGrid grid = grid(node, node.in(0), "");
            return coded(node, reals(node, node.in(0), grid), grid);
        });
        operators.put("CodeTable", (OnnxTranslator.Single) TernOperators::table);
        operators.put("SignedConvInteger", (OnnxTranslator.Single) QuantizedOperators::convInteger);
    }

    // Results

    private static int whole(OnnxNode node, int input) {
        return OnnxNode.whole(node.in(input).require("the rule").integers()[0]);
    }

    /** What the last inputs say: zero point, least and greatest code. */
    private record Rule(CodeGrid to, int lowest, int highest) {
        static Rule of(OnnxNode node, int zero) {
            ElementKind kind = OnnxTensors.kind((int) node.integer("to", 0)).filter(found -> found == ElementKind.I8
                    || found == ElementKind.U8)
                    .orElseThrow(() -> new ImportProblemException("its codes are none of eight bits"));
            return new Rule(new CodeGrid(kind, node.decimal("scale", 0), whole(node, zero)), whole(node, zero + 1),
                    whole(node, zero + 2));
        }
    }

    private static ForeignValue coded(OnnxNode node, ForeignValue reals, CodeGrid grid) {
        return node.network().coded(reals, grid.kind(), Optional.of(
                new Coding.Fixed(new float[]{grid.scale()}, new long[]{grid.zero()}, 0)));
    }

    // Accumulators

    private static ForeignValue requantize(OnnxNode node, boolean single) {
        Rule rule = Rule.of(node, 5);
        ForeignNode product = product(node, node.in(0));
        List<ForeignValue> operands = new ArrayList<>(product.inputs());
        operands.set(1, node.constant(scaled(product.op(), operands.get(1), node.decimals("weight_scales"))));
        ForeignValue sums = node.add(product.op(), operands);
        List<ForeignValue> inputs = new ArrayList<>(List.of(sums));
        Constant bias = node.in(1).require("the bias");
        int axis = product.op() instanceof NetworkOp.MatMul ? sums.rank() - 1 : 1;
        if (!bias.shape().isEmpty()) {
            inputs.add(node.reshape(node.in(1), List.of(bias.integers().length)));
        }
        return coded(node, node.add(new NetworkOp.Requantize(rule.to(), rule.lowest(), rule.highest(),
                single ? NetworkOp.FactorRounding.SINGLE : NetworkOp.FactorRounding.DOUBLE, axis),
                inputs), rule.to());
    }

    /** The product of codes that a value is. */
    private static ForeignNode product(OnnxNode node, ForeignValue x) {
        Optional<ForeignNode> made = node.network().producer(x);
        return switch (made.map(ForeignNode::op).orElse(null)) {
            case NetworkOp.Cast _ -> product(node, made.get().x());
            case NetworkOp.Conv _,NetworkOp.ConvTranspose _,NetworkOp.MatMul _ -> made.get();
            case null, default -> throw new ImportProblemException("it reads no product of codes");
        };
    }

    /** The codes of weights, whose scales only this function knows. */
    private static Constant scaled(NetworkOp op, ForeignValue weights, float[] scales) {
        Constant known = weights.require("the weights");
        if (!(known instanceof Constant.Coded coded)) {
            throw new ImportProblemException("its weights are no codes");
        }
        int axis = op instanceof NetworkOp.MatMul ? coded.shape().size() - 1 : 0;
        return new Constant.Coded(coded.shape(), coded.codes(), coded.bits(), coded.narrow(),
                scales.length == 0 ? new float[]{1} : scales, axis);
    }

    // Codes

    private static ForeignValue sum(OnnxNode node, boolean single) {
        return combined(node, node.integer("subtract", 0) == 0
                ? QuantizedBinary.Kind.ADD
                : QuantizedBinary.Kind.SUBTRACT, single);
    }

    private static ForeignValue combined(OnnxNode node, QuantizedBinary.Kind kind, boolean single) {
        Rule rule = Rule.of(node, 7);
        CodeGrid left = grid(node, node.in(0), "left_");
        CodeGrid right = grid(node, node.in(1), "right_");
        return coded(node, node.add(new QuantizedBinary(kind, left, right, rule.to(), rule.lowest(), rule.highest(),
                single), reals(node, node.in(0), left), reals(node, node.in(1), right)), rule.to());
    }

    private static ForeignValue table(OnnxNode node) {
        CodeGrid from = grid(node, node.in(0), "from_");
        Constant stored = node.in(1).require("the table");
        CodeGrid to = new CodeGrid(stored.kind(), node.decimal("scale", 0), (int) node.integer("zero", 0));
        long[] entries = stored.integers();
        List<Integer> table = new ArrayList<>();
        for (int code = from.lowest(); code <= from.highest(); code++) {
            // Codes of fewer bits have a shorter table, in whose end those below 0 are.
            table.add(OnnxNode.whole(entries[Math.floorMod(code, entries.length)]));
        }
        return coded(node, node.add(new NetworkOp.CodeTable(from, to, table), reals(node, node.in(0), from)), to);
    }

    /** The grid of codes: as they were made, or as attributes say of an input's. */
    private static CodeGrid grid(OnnxNode node, ForeignValue codes, String prefix) {
        return codes.coding().orElse(null) instanceof Coding.Fixed(float[] scales, long[] zeros, int _)
                ? new CodeGrid(codes.kind(), scales[0], OnnxNode.whole(zeros[0]))
                : new CodeGrid(codes.kind(), node.decimal(prefix + "scale", 0),
                        (int) node.integer(prefix + "zero", 0));
    }

    private static ForeignValue reals(OnnxNode node, ForeignValue codes, CodeGrid grid) {
        return codes.coding().isPresent()
                ? node.network().coded(codes, ElementKind.F32, Optional.empty())
                : QuantizedOperators.ofInput(node, codes,
                        new Coding.Fixed(new float[]{grid.scale()}, new long[]{grid.zero()}, 0));
    }
}
