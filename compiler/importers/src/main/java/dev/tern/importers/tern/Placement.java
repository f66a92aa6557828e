package dev.tern.importers.tern;

import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Turns the nodes of a network into calls of Tern's ops, channels last and without a batch. */
final class Placement {
    private final ForeignNetwork network;
    private final boolean asInFile;
    private final Site site;
    private final Map<String, Placed> inputs = new LinkedHashMap<>();
    private final Map<String, Placed> outputs = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Names names;

    /** A node that cannot be brought in. */
    record Problem(Optional<ForeignNode> node, ImportProblemException cause) {
    }

    /**
     * @param program the calls
     * @param inputs where the network's inputs are, by their names in Tern
     * @param outputs where its outputs are, by their names in Tern
     * @param names that are given by now
     * @param problems what cannot be brought in; the program is of use only if there are none
     */
    record Result(Program program, Map<String, Placed> inputs, Map<String, Placed> outputs, Names names,
            List<Problem> problems) {
    }

    private Placement(ForeignNetwork network, boolean asInFile, Set<String> ops) {
        this.network = network;
        this.asInFile = asInFile;
        this.names = new Names(ops);
        Map<Integer, Integer> uses = new HashMap<>();
        network.nodes().forEach(node -> node.inputs().forEach(value -> uses.merge(value.id(), 1, Integer::sum)));
        network.outputs().forEach(output -> uses.merge(output.value().id(), 1, Integer::sum));
        this.site = new Site(uses, ops);
    }

    /** @param ops names that the language has a meaning for */
    static Result of(ForeignNetwork network, boolean asInFile, Set<String> ops) {
        return new Placement(network, asInFile, ops).run();
    }

    private Result run() {
        network.inputs().forEach(this::input);
        for (ForeignNode node : network.nodes()) {
            site.at(node);
            try {
                Extents.elements(node.output().shape());
                if (node.output().shape().contains(0)) {
                    throw new ImportProblemException("a tensor without elements is not supported");
                }
                site.put(node.output(), place(node));
            } catch (ImportProblemException problem) {
                reject(node, problem);
            } catch (IndexOutOfBoundsException unsuitable) {
                // Constants of other shapes than the operator has: only a damaged file holds such.
                reject(node, new ImportProblemException("its operands do not suit the operator"));
            }
        }
        network.outputs().forEach(this::output);
        return new Result(site.program(), inputs, outputs, names, problems);
    }

    /** What follows is looked at all the same. */
    private void reject(ForeignNode node, ImportProblemException problem) {
        problems.add(new Problem(Optional.of(node), problem));
        List<Integer> axes = Arrangement.usual(node.output().shape());
        site.put(node.output(), Placed.of(site.program().input("", "f32",
                axes.stream().map(node.output()::size).toList()), axes));
    }

    private void input(ForeignValue value) {
        String name = names.of(value.name(), "input");
        OptionalInt steps = steps(value);
        if (steps.isPresent()) {
            Placed index = index(name, value, steps.getAsInt());
            inputs.put(name, index);
            site.put(value, index);
            return;
        }
        List<Integer> axes = asInFile ? Arrangement.usual(value.shape()) : InputLayout.axes(network, value);
        List<Integer> shape = axes.stream().map(value::size).toList();
        String type = switch (value.kind()) {
            case U8 -> "u8";
            case I8 -> "i8";
            default -> "f32";
        };
        if (!value.kind().floating() && value.kind() != ElementKind.U8 && value.kind() != ElementKind.I8
                && !readAsReals(value)) {
            problems.add(new Problem(Optional.empty(), new ImportProblemException("the input `" + value.name()
                    + "` is of type " + value.kind().toString().toLowerCase(Locale.ROOT)
                    + "; inputs of floats, and of 8-bit integers, are supported",
                    "bind it to a constant with `--constant " + value.name() + "=FILE.npy`")));
        }
        Placed placed = Placed.of(site.program().input(name, type, shape), axes);
        inputs.put(name, placed);
        site.put(value, placed);
    }

    /** Whether all that is done with integers is to make reals of them, so that they may be given as such. */
    private boolean readAsReals(ForeignValue input) {
        List<ForeignNode> readers = network.nodes().stream().filter(node -> node.inputs().stream()
                .anyMatch(value -> value.id() == input.id())).toList();
        return !readers.isEmpty() && readers.stream().allMatch(
                node -> node.op() instanceof NetworkOp.Cast(ElementKind kind) && kind.floating());
    }

    /** A step, or several indices. */
    private Placed index(String name, ForeignValue value, int entries) {
        List<Integer> axes = Extents.elements(value.shape()) == 1 ? List.of() : Arrangement.usual(value.shape());
        List<Integer> shape = axes.stream().map(value::size).toList();
        List<Integer> declared = Stream.concat(Stream.of(entries), shape.stream()).toList();
        String type = shape.isEmpty() ? "step[" + entries + "]" : "index" + NumberTexts.list(declared);
        return Placed.of(site.program().input(name, type, shape), axes);
    }

    /** How many entries an input may name: integers that are read as places in tables of one length alone. */
    private OptionalInt steps(ForeignValue input) {
        if (input.kind() != ElementKind.I64 && input.kind() != ElementKind.I32) {
            return OptionalInt.empty();
        }
        int[] lengths = network.nodes().stream().filter(node -> node.inputs().stream()
                .anyMatch(value -> value.id() == input.id())).mapToInt(node -> switch (node.op()) {
                    case NetworkOp.Gather(int axis) when axis == 0 && node.x().known() -> node.x().size(0);
                    case NetworkOp.StepQuantize _ -> node.inputs().get(2).size(0);
                    default -> -1;
                }).distinct().toArray();
        return lengths.length == 1 && lengths[0] > 0 ? OptionalInt.of(lengths[0]) : OptionalInt.empty();
    }

    private void output(ForeignNetwork.Output output) {
        String name = names.of(output.name(), "output");
        if (output.value().known()) {
            problems.add(new Problem(Optional.empty(), new ImportProblemException(
                    "the output `" + output.name() + "` does not depend on the inputs")));
            return;
        }
        Placed placed = site.arrangement().unshuffled(site.real(output.value()), output.value(), site.origin());
        if (asInFile) {
            placed = site.arrangement().arrange(placed, output.value(), Arrangement.usual(output.value().shape()),
                    site.origin());
        }
        outputs.put(name, placed);
        site.program().output(name, placed.call());
    }

    private Placed place(ForeignNode node) {
        ElementPlacement elements = new ElementPlacement(site);
        ProductPlacement products = new ProductPlacement(site);
        MovementPlacement movement = new MovementPlacement(site);
        return switch (node.op()) {
            case NetworkOp.Unary op -> elements.unary(node, op);
            case NetworkOp.Binary op -> op.function().truth()
                    ? new TruthPlacement(site, elements).compare(node, op)
                    : elements.binary(node, op);
            case NetworkOp.PRelu _ -> elements.prelu(node);
            case NetworkOp.BatchNorm op -> elements.batchNorm(node, op);
            case NetworkOp.Softmax op -> elements.softmax(node, op);
            case NetworkOp.ArgMax op -> elements.argMax(node, op);
            case NetworkOp.MatMul _ -> products.matMul(node);
            case NetworkOp.Conv op -> products.conv(node, op);
            case NetworkOp.Pool op -> products.pool(node, op);
            case NetworkOp.Reduce op -> new ReductionPlacement(site).reduce(node, op);
            case NetworkOp.Reshape _ -> movement.reshape(node);
            case NetworkOp.Transpose op -> movement.transpose(node, op);
            case NetworkOp.Slice op -> movement.slice(node, op);
            case NetworkOp.Concat op -> movement.concat(node, op);
            case NetworkOp.Gather op -> movement.gather(node, op);
            case NetworkOp.Expand _ -> movement.expand(node);
            case NetworkOp.Cast(ElementKind kind) -> cast(node, kind);
            case NetworkOp.Quantizer op -> new QuantizerPlacement(site).place(node, op);
            case NetworkOp.Requantize op -> new IntegerPlacement(site).requantize(node, op);
            case NetworkOp.QuantizedBinary op -> new IntegerPlacement(site).binary(node, op);
            case NetworkOp.CodeTable op -> new IntegerPlacement(site).table(node, op);
            case NetworkOp.Regrid op -> new IntegerPlacement(site).regrid(node, op);
            case NetworkOp.Where _ -> new TruthPlacement(site, elements).where(node);
            case NetworkOp.ConvTranspose op -> products.convTranspose(node, op);
            case NetworkOp.RowNorm op -> elements.rowNorm(node, op);
            case NetworkOp.GroupNorm op -> elements.groupNorm(node, op);
            case NetworkOp.Pad op -> movement.pad(node, op);
            case NetworkOp.Upsample op -> products.upsample(node, op);
            case NetworkOp.DynamicScale _,NetworkOp.DynamicZero _ -> scaleAlone(node);
        };
    }

    /** Scales and zero points are read by products of integers, which know them; nothing is computed for them. */
    private Placed scaleAlone(ForeignNode node) {
        boolean read = network.outputs().stream().anyMatch(output -> output.value().id() == node.output().id());
        if (read) {
            throw new ImportProblemException("the scale of a dynamic quantizer as an output is not supported");
        }
        return Placed.of(site.program().input("", "f32", List.of()), List.of());
    }

    private Placed cast(ForeignNode node, ElementKind kind) {
        ForeignValue x = node.x();
        if (kind.floating() && (x.kind() == ElementKind.F32 || x.kind() == ElementKind.BOOL
                || network.inputs().contains(x) && readAsReals(x))) {
            return site.pending(x);
        }
        if (kind == ElementKind.BOOL && x.kind() == ElementKind.F32) {
            return new TruthPlacement(site, new ElementPlacement(site)).notZero(x);
        }
        throw new ImportProblemException("a cast from " + x.kind() + " to " + kind + " at run time is not supported");
    }
}
