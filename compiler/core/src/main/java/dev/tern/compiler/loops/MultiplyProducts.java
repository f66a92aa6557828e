package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import java.util.Optional;

/**
 * Products by multiplication. A window inside the input is taken in runs of neighbouring input values, one for each row
 * of taps, a small one at once; a window at the border tap by tap, as are groups of channels and windows with gaps. The
 * loops along the output channels are {@link MultiplyPasses}.
 */
final class MultiplyProducts implements RowProducer {
    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final MultiplyProduct product;
    /** Values that a pass takes of one row where passes of several take fewer. */
    private static final int ALONE = 4;

    private final MultiplyPasses passes;
    private final int together;
    private final int depth;
    private final int outputs;

    MultiplyProducts(ProgramScope owner, PixelKernel kernel, MultiplyProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.passes = new MultiplyPasses(owner, kernel, product, 1);
        this.together = ((Multiplications) kernel.schedule()).rows();
        this.depth = product.inputChannels() / product.groups();
        this.outputs = product.channels() / product.groups();
    }

    @Override
    public Window window() {
        return product.window();
    }

    @Override
    public void addTo(RoutineScope scope) {
        scope.body().call(scope.call(product(), scope.get("row"), scope.get("top"), scope.get("left")));
    }

    @Override
    public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
        return lanes.read(scope.element(product.accumulator(), n));
    }

    /** Several rows inside the input, whose passes are shared; their sums lie one after the other. */
    @Override
    public Optional<Together> together() {
        if (together == 1 || product.groups() > 1 || product.depthwise() || gaps() || product.zero().filter(
                Scales::perRow).isPresent()) {
            return Optional.empty();
        }
        MultiplyPasses shared = new MultiplyPasses(owner, kernel, product, together);
        return Optional.of(new Together() {
            @Override
            public int rows() {
                return together;
            }

            @Override
            public Optional<Value> possible(RoutineScope scope) {
                Window window = product.window();
                if (!window.geometry().padded()) {
                    return Optional.empty();
                }
                Value last = scope.get("left").plus((together - 1) * window.geometry().strideWidth());
                return Optional.of(WindowTaps.inside(window, scope.get("top"), scope.get("left"), last));
            }

            @Override
            public void addTo(RoutineScope scope) {
                scope.body().call(scope.call(inside("inside_all", shared), scope.get("row"), scope.get("top"), scope
                        .get("left")));
            }

            @Override
            public void take(RoutineScope scope, int row) {
                if (row > 0) {
                    scope.body().loop(scope.fresh("n"), 0, product.channels(), (loop, n) -> loop.store(scope.element(
                            product.accumulator(), n), scope.element(product.accumulator(), n.plus(row * product
                                    .channels()))));
                }
            }
        });
    }

    private boolean gaps() {
        Geometry g = product.window().geometry();
        return g.dilationWidth() > 1 && g.kernelWidth() > 1;
    }

    /** A routine of {@code row}, {@code top} and {@code left}. */
    private Callee product() {
        Window window = product.window();
        if (product.groups() > 1 || gaps()) {
            return anywhere();
        }
        if (!window.geometry().padded()) {
            return inside("inside", passes);
        }
        boolean small = window.geometry().taps() * depth <= MultiplyPasses.MOST_VALUES && !product.floating();
        Callee edge = small ? edge() : anywhere();
        Callee inside = inside("inside", passes);
        RoutineScope scope = owner.routine(kernel, "product", "row", "top", "left");
        Value[] arguments = {scope.get("row"), scope.get("top"), scope.get("left")};
        scope.body().when(WindowTaps.atBorder(window, scope.get("top"), scope.get("left")),
                block -> block.call(scope.call(edge, arguments)),
                block -> block.call(scope.call(inside, arguments)));
        return scope.end();
    }

    /**
     * A small window at the border, in one pass that takes what the padding counts as for the values there. Not for
     * f32, where zeros added are not the same as none.
     */
    private Callee edge() {
        RoutineScope scope = owner.routine(kernel, "edge", "row", "top", "left");
        Value zero = zero(scope);
        scope.body().call(passes.callEdge(scope, passes.edge(), scope.get("top"), scope.get("left"), zero));
        return scope.end();
    }

    /** A window inside the input, or some. */
    private Callee inside(String name, MultiplyPasses passes) {
        Geometry g = product.window().geometry();
        RoutineScope scope = owner.routine(kernel, name, "row", "top", "left");
        Value pixel = product.window().direct()
                ? scope.get("row")
                : scope.get("top").times(product.window().inputWidth()).plus(scope.get("left"));
        Local input = scope.body().declare("input", pixel.times(product.inputChannels()));
        Value zero = zero(scope);
        if (g.taps() * depth <= MultiplyPasses.MOST_VALUES) {
            int[] distances = new int[g.taps() * depth];
            for (int i = 0; i < distances.length; i++) {
                distances[i] = EdgeTaps.distance(product.window(), i / depth) * product.inputChannels() + i % depth;
            }
            scope.body().call(passes.call(scope, passes.pass("all" + (passes.together() == 1 ? "" : "x" + together),
                    distances, true), input, Value.of(0), Value.of(0),
                    zero));
            return scope.end();
        }
        int length = g.kernelWidth() * depth;
        run(passes, scope, scope.body(), input, Value.of(0), Value.of(0), zero, length, true);
        if (g.kernelHeight() > 1) {
            int rowDistance = EdgeTaps.distance(product.window(), g.kernelWidth()) * product.inputChannels();
            scope.body().loop("ky", 1, g.kernelHeight(), (loop, ky) -> {
                Local start = loop.declare("start", input.plus(ky.times(rowDistance)));
                Local weights = loop.declare("weights", ky.times(length));
                run(passes, scope, loop, start, weights, Value.of(0), zero, length, false);
            });
        }
        return scope.end();
    }

    /** Neighbouring input values with neighbouring rows of weights. */
    private void run(MultiplyPasses passes, RoutineScope scope, Block block, Value input, Value weights, Value output,
            Value zero, int length, boolean first) {
        int values = ((Multiplications) kernel.schedule()).values();
        int step = Math.min(together > 1 && passes.together() == 1 ? Math.max(ALONE, values) : values,
                MultiplyPasses.MOST_VALUES);
        int from = 0;
        if (first) {
            from = Math.min(step, length);
            block.call(passes.call(scope, passes.pass(from, true), input, weights, output, zero));
        }
        int whole = from + (length - from) / step * step;
        if (whole > from) {
            Callee pass = passes.pass(step, false);
            block.loop(scope.fresh("k"), Value.of(from), Value.of(whole), step,
                    (loop, k) -> loop.call(passes.call(scope, pass, input.plus(k),
                            weights.plus(k), output, zero)));
        }
        if (length > whole) {
            block.call(passes.call(scope, passes.pass(length - whole, false), input.plus(whole),
                    weights.plus(whole), output, zero));
        }
    }

    private Value zero(RoutineScope scope) {
        return product.zero().map(source -> Scales.zeroBeforeLoops(scope, source)).orElse(Value.of(0));
    }

    /** Any window, tap by tap. */
    private Callee anywhere() {
        RoutineScope scope = owner.routine(kernel, "taps", "row", "top", "left");
        Value nothing = product.floating() ? Value.of(0f) : Value.of(0);
        scope.body().loop("n", 0, product.channels(),
                (loop, n) -> loop.store(scope.element(product.accumulator(), n), nothing));
        Value zero = zero(scope);
        boolean silent = product.padding() == Padding.ZERO || !product.window().geometry().padded();
        Callee padding = silent ? null : padding();
        Callee tap = product.depthwise() ? passes.depthwise() : tap();
        new WindowTaps(product.window(), scope).each((block, at) -> block.call(scope.call(tap,
                at.pixel().times(product.inputChannels()), at.tap().times(depth), zero)),
                (block, at) -> {
                    if (padding != null) {
                        block.call(scope.call(padding, at.tap().times(depth * product.channels())));
                    }
                });
        return scope.end();
    }

    /**
     * All products of one tap inside the input. Parameters: its first input value, its first row of weights, the zero
     * point.
     */
    private Callee tap() {
        RoutineScope scope = owner.routine(kernel, "tap", "input", "weights", "zero");
        Block body = scope.body();
        if (product.groups() == 1) {
            run(passes, scope, body, scope.get("input"), scope.get("weights"), Value.of(0), scope.get("zero"), depth,
                    false);
        } else {
            body.loop("group", 0, product.groups(), (block, group) -> {
                Local first = block.declare("first", group.times(outputs));
                run(passes, scope, block, scope.get("input").plus(group.times(depth)), scope.get("weights"),
                        first, scope.get("zero"), depth, false);
            });
        }
        return scope.end();
    }

    /** What a tap in the padding adds when it counts as plus or minus one: its weights, in ascending order. */
    private Callee padding() {
        RoutineScope scope = owner.routine(kernel, "padding", "weights");
        Local weights = scope.constant(product.weights());
        Operator operator = product.padding() == Padding.PLUS_ONE ? Operator.ADD : Operator.SUBTRACT;
        scope.body().loop("k", 0, depth, (outer, k) -> {
            Local offset = outer.declare("offset", scope.get("weights").plus(k.times(product.channels())));
            outer.loop("n", 0, product.channels(), (loop, n) -> {
                Value weight = weights.at(offset.plus(n));
                loop.update(scope.element(product.accumulator(), n), operator,
                        product.floating() ? weight.to(ValueType.FLOAT) : weight);
            });
        });
        return scope.end();
    }
}
