package dev.tern.importers.tern;

import dev.tern.importers.network.CodeGrid;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.QuantizedBinary;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Call.Operand;
import dev.tern.importers.tern.Placed.Quantizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is computed on codes by integers alone. Its results lie on their grids, so that layers take them as they are.
 */
final class IntegerPlacement {
    private static final long MOST_EXACT = 1L << 24;

    private final Site site;

    IntegerPlacement(Site site) {
        this.site = site;
    }

    /** {@code static(8, scale: 0.1, zero: -3)}. */
    static String scheme(CodeGrid grid) {
        return "static(" + grid.kind().bits() + ", scale: " + NumberTexts.of(grid.scale())
                + (grid.zero() == 0 ? "" : ", zero: " + grid.zero())
                + (grid.kind() == ElementKind.U8 ? ", unsigned: true)" : ")");
    }

    private static Placed on(Placed placed, CodeGrid grid) {
        return placed.with(new Quantizer(scheme(grid), 1, Map.of(), true));
    }

    private static List<String> arguments(CodeGrid to, int lowest, int highest, boolean single, String... more) {
        List<String> arguments = new ArrayList<>(List.of(scheme(to)));
        arguments.addAll(List.of(more));
        if (single) {
            arguments.add("rounding: single");
        }
        if (lowest != to.lowest() || highest != to.highest()) {
            arguments.add("range: " + lowest + ".." + highest);
        }
        return arguments;
    }

    Placed requantize(ForeignNode node, NetworkOp.Requantize op) {
        Placed product = site.real(node.x());
        List<String> arguments = arguments(op.to(), op.lowest(), op.highest(), op.single());
        Map<String, Numbers> parameters = Map.of();
        if (node.inputs().size() > 1) {
            long[] bias = node.inputs().get(1).require("the bias").integers();
            float[] values = new float[bias.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = bias[i];
                if (Math.abs(bias[i]) > MOST_EXACT && (long) values[i] != bias[i]) {
                    throw new ImportProblemException("a bias of " + bias[i] + " is not supported; up to 2^24 is");
                }
            }
            arguments.add("bias: true");
            parameters = Map.of("bias", new Numbers.Floats(List.of(values.length), values));
        }
        int call = site.apply("requantize", product.call(), arguments, parameters,
                site.program().get(product.call()).shape());
        return on(product.by(call), op.to());
    }

    Placed binary(ForeignNode node, QuantizedBinary op) {
        Placed left = site.arrangement().unshuffled(site.real(node.x()), node.x(), site.origin());
        Placed right = site.real(node.inputs().get(1), left.axes());
        String name = switch (op.kind()) {
            case ADD -> "qadd";
            case SUBTRACT -> "qsub";
            case MULTIPLY -> "qmul";
        };
        List<String> arguments = arguments(op.to(), op.lowest(), op.highest(), op.single(),
                "left: " + scheme(op.left()), "right: " + scheme(op.right()));
        Call call = new Call(name, List.of(new Operand.Result(left.call()), new Operand.Result(right.call())),
                arguments, Map.of(), site.program().get(left.call()).shape(), Optional.of(site.origin()));
        return on(left.by(site.program().add(call)), op.to());
    }

    Placed table(ForeignNode node, NetworkOp.CodeTable op) {
        Placed x = site.real(node.x());
        float[] table = new float[op.table().size()];
        for (int i = 0; i < table.length; i++) {
            table[i] = op.table().get(i);
        }
        int call = site.apply("qtable", x.call(), List.of(scheme(op.to()), "from: " + scheme(op.from())),
                Map.of("table", new Numbers.Floats(List.of(table.length), table)),
                site.program().get(x.call()).shape());
        return on(x.by(call), op.to());
    }
}
