package dev.tern.compiler;

import dev.tern.compiler.analysis.Layer;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.StoredConstants;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.KernelCosts;
import dev.tern.compiler.kernel.cost.ProductCosts;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.tuning.TunedChoice;
import dev.tern.runtime.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads from a model's graph as it was written, and from the program it became, what there is to say of its layers. */
final class LayerReports {
    private final Map<String, List<Node>> written;
    private final Map<ValueId, Node> definitions;
    private final Map<String, List<Node>> optimized;
    private final Map<String, List<Kernel>> kernels;
    /** Of the weight file's arrays under each path. */
    private final Map<String, Long> bytes = new HashMap<>();
    private final KernelProgram program;
    private final TunedChoice tuning;

    private LayerReports(Graph written, Graph optimized, KernelProgram program, TunedChoice tuning) {
        this.written = byPath(written);
        this.definitions = written.definitions();
        this.optimized = byPath(optimized);
        this.kernels = program.kernels().stream().flatMap(LayerReports::parts)
                .collect(Collectors.groupingBy(kernel -> kernel.origin().path()));
        this.program = program;
        this.tuning = tuning;
        for (StoredConstants.Entry stored : new StoredConstants(List.of(program)).entries()) {
            String name = stored.name();
            bytes.merge(name, stored.bytes(), Long::sum);
            for (int dot = name.lastIndexOf('.'); dot >= 0; dot = name.lastIndexOf('.', dot - 1)) {
                bytes.merge(name.substring(0, dot), stored.bytes(), Long::sum);
            }
        }
    }

    private static Map<String, List<Node>> byPath(Graph graph) {
        return graph.nodes().stream().collect(Collectors.groupingBy(node -> node.origin().path()));
    }

    /**
     * One report per layer.
     *
     * @param layers all layers in the order of the text
     * @param written the graph with its parameters, before any pass
     * @param optimized after all of them
     * @param tuning what chose the program's schedules
     */
    static List<LayerReport> of(List<Layer> layers, Graph written, Graph optimized, KernelProgram program,
            TunedChoice tuning) {
        LayerReports reports = new LayerReports(written, optimized, program, tuning);
        return layers.stream().map(reports::report).toList();
    }

    private LayerReport report(Layer layer) {
        long binary = 0;
        long other = 0;
        for (Node node : written.getOrDefault(layer.path(), List.of())) {
            long all = multiplyAdds(node);
            boolean oneBit = all > 0 && node.operation().operands().stream().limit(2).allMatch(this::oneBit);
            binary += oneBit ? all : 0;
            other += oneBit ? 0 : all;
        }
        List<Integer> shape = Arrays.stream(layer.output().shape().toArray()).boxed().toList();
        Signature.LayerSummary signature = new Signature.LayerSummary(layer.path(), layer.op(), layer.weights().orElse(
                ""),
                layer.activations().orElse(""), shape, weightBytes(layer.path()));
        return new LayerReport(signature, layer.position(), binary, other, arenaBytes(layer.path()),
                kernels(layer.path()), predictedNanos(layer.path()), products(layer.path()), passes(layer.path()));
    }

    private long multiplyAdds(Node node) {
        List<Shape> operands = node.operation().operands().stream().map(id -> definitions.get(id).type().shape())
                .toList();
        return switch (node.operation()) {
            case Operation.Product product -> product.multiplyAdds(node.type().shape(), operands.get(1));
            case Operation.Composite composite -> composite.expansion().multiplyAdds(operands);
            case Operation.MatMul _ -> (long) node.type().shape().elements() * operands.getFirst().channels();
            // Nothing else has products.
            default -> 0;
        };
    }

    private boolean oneBit(ValueId id) {
        return definitions.get(id).type().element() instanceof ElementType.Code code && code.bits() == 1;
    }

    private long weightBytes(String path) {
        return bytes.getOrDefault(path, 0L);
    }

    private long arenaBytes(String path) {
        return kernels.getOrDefault(path, List.of()).stream().map(KernelAccess::of).flatMap(access -> Stream.concat(
                access.writes().stream(),
                access.scratch().stream()))
                .distinct().mapToLong(id -> program.buffer(id).bytes()).sum();
    }

    private double predictedNanos(String path) {
        return kernels.getOrDefault(path, List.of()).stream()
                .mapToDouble(kernel -> KernelCosts.nanoseconds(program, kernel)).sum();
    }

    private List<String> kernels(String path) {
        return kernels.getOrDefault(path, List.of()).stream().map(this::describe).toList();
    }

    /** Kernels that take turns belong to two layers. */
    private static Stream<Kernel> parts(Kernel kernel) {
        return kernel instanceof Kernel.Pair pair
                ? Stream.of(pair.first(), pair.second())
                : Stream.of(kernel);
    }

    /** What a kernel is, in few words. */
    private String describe(Kernel kernel) {
        return switch (kernel) {
            case Kernel.PixelKernel pixels -> describe(pixels.producer()) + (pixels.epilogue()
                    .size() > 1
                            ? " + " + (pixels.epilogue().size() - 1)
                                    + (pixels.epilogue().size() > 2 ? " fused steps" : " fused step")
                            : "");
            case Kernel.RowByRow(Kernel.PixelKernel first, Kernel.PixelKernel second) ->
                describe(first) + ", row by row with " + describe(second);
            case Kernel.PoolByStrips(Kernel.PixelKernel first, Kernel.PixelKernel second) ->
                describe(first) + ", by strips with " + describe(second);
            case Kernel.MeasureRange _ -> "measure range";
            case Kernel.MeasureCodes _ -> "measure range of codes";
            case Kernel.DeriveScale _ -> "derive scale";
            case Kernel.TableLookUp _ -> "table look-up";
            case Kernel.RowStatistic _ -> "row statistic";
            case Kernel.MatrixProduct product -> product.floating()
                    ? "f32 product of matrices"
                    : "int product of matrices";
            case Kernel.Softmax _ -> "softmax";
            case Kernel.ArgMax _ -> "argmax";
            case Kernel.StridedCopy _ -> "copy";
            case Kernel.OrPool _ -> "max pool on bits";
            case Kernel.WidenImage _ -> "widen";
            case Kernel.BuildTables _ -> "build tables";
        };
    }

    private List<ProductReport> products(String path) {
        List<ProductReport> products = new ArrayList<>();
        for (Kernel kernel : kernels.getOrDefault(path, List.of())) {
            if (kernel instanceof Kernel.PixelKernel pixels
                    && pixels.schedule() instanceof ProductSchedule schedule) {
                ProductShape shape = ProductCosts.shape(program, kernel).orElseThrow();
                products.add(new ProductReport(shape, schedule, CostModel.candidates(shape, program.target()),
                        tuning.measured(path, shape).filter(entry -> entry.schedule().equals(schedule.toString()))
                                .map(entry -> OptionalDouble.of(entry.measuredNanos())).orElse(OptionalDouble
                                        .empty())));
            }
        }
        return products;
    }

    private static String describe(Producer producer) {
        return switch (producer) {
            case Producer.Load _ -> "elementwise";
            case Producer.LoadConstant _ -> "constant";
            case Producer.PopcountProduct product -> product.form().name().toLowerCase(Locale.ROOT) + " popcount";
            case Producer.LookUpProduct product -> product.form().name().toLowerCase(Locale.ROOT) + " look-up";
            case Producer.MultiplyProduct product -> (product.depthwise() ? "depthwise " : "")
                    + (product.floating() ? "f32 multiply" : "int multiply");
            case Producer.TileProduct product -> (product.depthwise() ? "depthwise " : "")
                    + (product.floating()
                            ? "f32 tiles"
                            : switch (product.lane()) {
                                case F32 -> "int tiles";
                                case I16 -> "short tiles";
                                case I8 -> "byte tiles";
                            });
            case Producer.Pool pool -> pool.kind().name().toLowerCase(Locale.ROOT) + " pool";
        };
    }

    private List<String> passes(String path) {
        Set<String> passes = new LinkedHashSet<>();
        optimized.getOrDefault(path, List.of())
                .forEach(node -> passes.addAll(node.origin().passes()));
        kernels.getOrDefault(path, List.of())
                .forEach(kernel -> passes.addAll(kernel.origin().passes()));
        return List.copyOf(passes);
    }
}
