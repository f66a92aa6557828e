package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Products by multiplication, in int or f32: a few input values at a time, held in registers, are multiplied into all
 * accumulators of their group along the output channels. Each accumulator takes its products in ascending order of
 * tap and channel, one rounding per step, so that f32 sums are defined.
 */
final class MultiplyProducts {
    private final ClassScope owner;
    private final PixelKernel kernel;
    private final MultiplyProduct product;
    private final int depth;
    private final int outputs;
    private final Map<String, Callee> passes = new HashMap<>();

    MultiplyProducts(ClassScope owner, PixelKernel kernel, MultiplyProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.depth = product.inputChannels() / product.groups();
        this.outputs = product.channels() / product.groups();
    }

    /** A method of {@code row}, {@code top} and {@code left}. */
    Callee method() {
        MethodScope scope = owner.method(kernel, "product", "row", "top", "left");
        Value nothing = product.floating() ? Value.of(0f) : Value.of(0);
        scope.body().loop("n", 0, product.channels(),
                (loop, n) -> loop.store(scope.element(product.accumulator(), n), nothing));
        Value zero = zero(scope);
        Callee padding = product.padding() == Padding.ZERO || !product.window().geometry().padded() ? null : padding();
        Callee inside = product.depthwise() ? depthwise() : tap();
        new WindowTaps(product.window(), scope).each((block, tap) -> {
            Value weights = tap.tap().times(depth * product.channels());
            block.call(scope.call(inside, tap.pixel().times(product.inputChannels()), weights, zero));
        }, (block, tap) -> {
            if (padding != null) {
                block.call(scope.call(padding, tap.tap().times(depth * product.channels())));
            }
        });
        return scope.end();
    }

    private Value zero(MethodScope scope) {
        return product.zero().<Value>map(source -> scope.beforeLoops("zero",
                Scales.zero(scope, source, scope.get("row")))).orElse(Value.of(0));
    }

    /** All products of one tap inside the input. Parameters: its first input value, its first weight, the zero point. */
    private Callee tap() {
        MethodScope scope = owner.method(kernel, "tap", "input", "weights", "zero");
        if (product.groups() == 1) {
            group(scope, scope.body(), scope.get("input"), scope.get("weights"), Value.of(0));
        } else {
            scope.body().loop("group", 0, product.groups(), (block, group) -> {
                Local first = block.declare("first", group.times(outputs));
                group(scope, block, scope.get("input").plus(group.times(depth)), scope.get("weights").plus(first),
                        first);
            });
        }
        return scope.end();
    }

    /** Calls passes over the input values of one group. */
    private void group(MethodScope scope, Block block, Value input, Value weights, Value first) {
        int step = kernel.schedule().wordsPerPass();
        int whole = depth - depth % step;
        if (whole > 0) {
            Callee pass = pass(step);
            block.loop("k", Value.of(0), Value.of(whole), step, (loop, k) -> loop.call(scope.call(pass, input.plus(k),
                    weights.plus(k.times(product.channels())), first, scope.get("zero"))));
        }
        if (depth > whole) {
            block.call(scope.call(pass(depth - whole), input.plus(whole), weights.plus(whole * product.channels()),
                    first, scope.get("zero")));
        }
    }

    /** Some input values into the accumulators of a group. */
    private Callee pass(int values) {
        return passes.computeIfAbsent("add" + values, name -> {
            MethodScope scope = owner.method(kernel, name, "input", "weights", "first", "zero");
            Local weights = scope.constant(product.weights());
            List<Local> inputs = new ArrayList<>();
            List<Local> offsets = new ArrayList<>();
            for (int i = 0; i < values; i++) {
                inputs.add(scope.body().declare("a" + i, input(scope, scope.get("input").plus(i))));
                offsets.add(scope.body().declare("o" + i, scope.get("weights").plus(i * product.channels())));
            }
            scope.body().loop("n", 0, outputs, (loop, n) -> {
                Value.Element accumulator = scope.element(product.accumulator(), scope.get("first").plus(n));
                Value sum = accumulator;
                for (int i = 0; i < values; i++) {
                    sum = sum.plus(inputs.get(i).times(real(weights.at(offsets.get(i).plus(n)))));
                }
                loop.store(accumulator, sum);
            });
            return scope.end();
        });
    }

    /** One tap where each channel has its own weight and nothing is summed over channels. */
    private Callee depthwise() {
        MethodScope scope = owner.method(kernel, "tap", "input", "weights", "zero");
        Local weights = scope.constant(product.weights());
        scope.body().loop("n", 0, product.channels(),
                (loop, n) -> loop.update(scope.element(product.accumulator(), n), Operator.ADD,
                        input(scope, scope.get("input").plus(n)).times(real(weights.at(scope.get("weights").plus(
                                n))))));
        return scope.end();
    }

    /** What a tap in the padding adds when it counts as plus or minus one: its weights, in ascending order. */
    private Callee padding() {
        MethodScope scope = owner.method(kernel, "padding", "weights");
        Local weights = scope.constant(product.weights());
        Operator operator = product.padding() == Padding.PLUS_ONE ? Operator.ADD : Operator.SUBTRACT;
        scope.body().loop("k", 0, depth, (outer, k) -> {
            Local offset = outer.declare("offset", scope.get("weights").plus(k.times(product.channels())));
            outer.loop("n", 0, product.channels(),
                    (loop, n) -> loop.update(scope.element(product.accumulator(), n), operator,
                            real(weights.at(offset.plus(n)))));
        });
        return scope.end();
    }

    private Value input(MethodScope scope, Value index) {
        BufferId buffer = product.input();
        Value code = scope.loaded(buffer, index, product.code());
        boolean zeroed = product.zero().isPresent();
        return real(zeroed ? code.minus(scope.get("zero")) : code);
    }

    private Value real(Value value) {
        return product.floating() ? value.to(JvmType.FLOAT) : value;
    }
}
