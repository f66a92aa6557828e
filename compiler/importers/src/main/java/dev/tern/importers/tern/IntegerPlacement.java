package dev.tern.importers.tern;

import dev.tern.importers.network.CodeGrid;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.FactorRounding;
import dev.tern.importers.network.NetworkOp.QuantizedBinary;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Call.Operand;
import dev.tern.importers.tern.Placed.Quantizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is computed on codes by integers alone. Its results lie on their grids, so that layers take them as they are.
 */
final class IntegerPlacement {
    private static final int LOW = 0xff;

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

    private static List<String> arguments(CodeGrid to, int lowest, int highest, FactorRounding rounding,
            String... more) {
        List<String> arguments = new ArrayList<>(List.of(scheme(to)));
        arguments.addAll(List.of(more));
        if (rounding != FactorRounding.DOUBLE) {
            arguments.add("rounding: " + rounding.name().toLowerCase(Locale.ROOT));
        }
        if (lowest != to.lowest() || highest != to.highest()) {
            arguments.add("range: " + lowest + ".." + highest);
        }
        return arguments;
    }

    Placed requantize(ForeignNode node, NetworkOp.Requantize op) {
        Placed product = site.real(node.x());
        List<String> arguments = arguments(op.to(), op.lowest(), op.highest(), op.rounding());
        Map<String, Numbers> parameters = new TreeMap<>();
        if (node.inputs().size() > 1) {
            addBias(node.inputs().get(1).require("the bias").integers(), arguments, parameters);
        }
        int call = site.apply("requantize", product.call(), arguments, parameters,
                site.program().get(product.call()).shape());
        return on(product.by(call), op.to());
    }

    /** Where f32 does not hold all of them, those that have 24 bits in two parts. */
    private static void addBias(long[] bias, List<String> arguments, Map<String, Numbers> parameters) {
        float[] values = new float[bias.length];
        float[] low = new float[bias.length];
        boolean exact = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = bias[i];
            exact &= (long) values[i] == bias[i];
        }
        for (int i = 0; i < values.length && !exact; i++) {
            low[i] = bias[i] & LOW;
            values[i] = bias[i] - (long) low[i];
        }
        arguments.add("bias: true");
        parameters.put("bias", new Numbers.Floats(List.of(values.length), values));
        if (!exact) {
            arguments.add("rest: true");
            parameters.put("rest", new Numbers.Floats(List.of(low.length), low));
        }
    }

    Placed regrid(ForeignNode node, NetworkOp.Regrid op) {
        Placed x = site.real(node.x());
        int codes = site.apply("quantize", x.call(), scheme(op.from()));
        int call = site.apply("requantize", codes, arguments(op.to(), op.lowest(), op.highest(), op.rounding()),
                site.program().get(x.call()).shape());
        return on(x.by(call), op.to());
    }

    Placed binary(ForeignNode node, QuantizedBinary op) {
        Placed left = site.arrangement().unshuffled(site.real(node.x()), node.x(), site.origin());
        Placed right = site.real(node.inputs().get(1), left.axes());
        String name = switch (op.kind()) {
            case ADD -> "qadd";
            case SUBTRACT -> "qsub";
            case MULTIPLY -> "qmul";
        };
        List<String> arguments = arguments(op.to(), op.lowest(), op.highest(),
                op.single() ? FactorRounding.SINGLE : FactorRounding.DOUBLE,
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
