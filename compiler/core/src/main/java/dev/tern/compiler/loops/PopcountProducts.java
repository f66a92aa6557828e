package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.PopcountProduct;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.loops.PlaneProduct.Meeting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Products of packed codes. One pass takes some words of one plane into all accumulators:
 *
 * <pre>
 * for n in channels: accumulator[n] += popcount(x0 ^ w[0][n]) + ... + popcount(x3 ^ w[3][n])
 * </pre>
 *
 * The words stay in registers and neighbouring channels in vector lanes, so nothing is reduced across lanes. Planes
 * run outside, from the most significant, and double the accumulators on the way: C2 does not vectorize a loop in which
 * one loaded weight meets several planes. The accumulators hold the sum without {@code sums} and {@code weightSums},
 * which the epilogue adds as it reads: neither is a loop vectorized that reads one int array and writes another.
 */
final class PopcountProducts implements RowProducer {
    private record Pass(int words, Meeting meeting, boolean negative) {
        String name() {
            String verb = switch (meeting) {
                case REPLACES -> "first";
                case DOUBLES -> "double";
                case ADDS -> "add";
            };
            return verb + words + (negative ? "negative" : "");
        }
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final PopcountProduct product;
    private final WordValues bits;
    private final int step;
    private final Map<Pass, Callee> passes = new HashMap<>();

    PopcountProducts(ProgramScope owner, PixelKernel kernel, PopcountProduct product) {
        this.owner = owner;
        this.step = ((PopcountLoops) kernel.schedule()).words();
        this.kernel = kernel;
        this.product = product;
        this.bits = new WordValues(product.bits().word());
    }

    @Override
    public Window window() {
        return product.window();
    }

    @Override
    public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
        return new PackedValues(owner, product).value(scope, n, i, lanes);
    }

    @Override
    public void addTo(RoutineScope scope) {
        Block body = scope.body();
        Callee sums = product();
        Patches patches = new Patches(owner, kernel, product);
        Value top = scope.get("top");
        Value left = scope.get("left");
        if (product.patch().isEmpty()) {
            int row = product.activation().bits() * product.words();
            int start = owner.program().buffer(product.input()).offset();
            body.call(scope.call(sums, scope.get("row").times(row).plus(start)));
            return;
        }
        Value patch = Value.of(owner.program().buffer(product.patch().get()).offset());
        boolean padded = product.window().geometry().padded();
        boolean looped = padded ? !patches.straight(true) : !patches.straight(false);
        Callee general = looped ? patches.gather() : padded ? patches.gatherStraight(true) : null;
        Callee inside = patches.straight(false) ? patches.gatherStraight(false) : general;
        if (!padded) {
            body.call(scope.call(inside, top, left));
            body.call(scope.call(sums, patch));
            return;
        }
        Local border = body.declare("border",
                WindowTaps.atBorder(product.window(), top, left).choose(Value.of(1), Value.of(0)));
        Value atBorder = border.is(Relation.NOT_EQUAL, Value.of(0));
        body.when(atBorder, block -> block.call(scope.call(general, top, left)),
                block -> block.call(scope.call(inside, top, left)));
        body.call(scope.call(sums, patch));
        if (product.corrections().borderSums().isPresent()) {
            Callee padding = patches.padding();
            body.when(atBorder, block -> block.call(product.corrections().zero().isPresent()
                    ? scope.call(padding, top, left,
                            new PackedValues(owner, product).zero(scope))
                    : scope.call(padding, top, left)));
        }
    }

    /** A routine of {@code start}: the index of the row's or patch's first word in its array. */
    private Callee product() {
        RoutineScope scope = owner.routine(kernel, "product", "start");
        PlaneProduct.of(product).forEach(part -> plane(scope, part));
        return scope.end();
    }

    private void plane(RoutineScope scope, PlaneProduct part) {
        int words = product.words();
        int head = Math.min(step, words);
        boolean negative = part.negative();
        Value start = scope.get("start").plus(part.activation() * words);
        int first = part.weight() * words;
        run(scope, scope.body(), new Pass(head, part.meeting(), negative), start, offset(first));
        int whole = words - words % step;
        if (whole > 2 * step) {
            scope.body().loop(scope.fresh("word"), Value.of(step), Value.of(whole), step,
                    (block, word) -> run(scope, block, new Pass(step, Meeting.ADDS, negative), start.plus(word),
                            word.plus(first).times(product.channels())));
        } else if (whole == 2 * step) {
            run(scope, scope.body(), new Pass(step, Meeting.ADDS, negative), start.plus(step),
                    offset(first + step));
        }
        if (words > whole && whole > 0) {
            run(scope, scope.body(), new Pass(words - whole, Meeting.ADDS, negative), start.plus(whole),
                    offset(first + whole));
        }
    }

    private Value offset(int word) {
        return Value.of(word * product.channels());
    }

    private void run(RoutineScope scope, Block block, Pass pass, Value start, Value offset) {
        Callee callee = passes.get(pass);
        if (callee == null) {
            callee = pass(pass);
            passes.put(pass, callee);
        }
        block.call(scope.call(callee, start, offset));
    }

    /** A routine of {@code start}, the first word's index in its array, and {@code offset}, that of its weights. */
    private Callee pass(Pass pass) {
        RoutineScope scope = owner.routine(kernel, pass.name(), "start", "offset");
        Block body = scope.body();
        Local weights = scope.constant(product.weights());
        List<Local> words = new ArrayList<>();
        List<Local> offsets = new ArrayList<>();
        List<Local> seconds = new ArrayList<>();
        for (int i = 0; i < pass.words(); i++) {
            words.add(body.declare("x" + i, scope.absolute(product.source(), scope.get("start").plus(i))));
            offsets.add(body.declare("o" + i, scope.get("offset").plus(i * product.channels())));
            if (product.form() == WeightForm.TERNARY) {
                int second = (product.words() + i) * product.channels();
                seconds.add(body.declare("p" + i, scope.get("offset").plus(second)));
            }
        }
        Value ones = Value.of(0);
        if (product.form() == WeightForm.BINARY && !product.activation().bipolar()) {
            ones = body.declare("ones",
                    words.stream().map(bits::count).reduce(Value::plus).orElseThrow());
        }
        Value subtracted = ones;
        body.loop("n", 0, product.channels(), (loop, n) -> {
            Sum sum = sum(weights, words, offsets, seconds, n, subtracted);
            Value.ArrayElement accumulator = scope.element(product.accumulator(), n);
            boolean minus = pass.negative() != sum.negative();
            switch (pass.meeting()) {
                case REPLACES -> loop.store(accumulator, minus ? Value.of(0).minus(sum.value()) : sum.value());
                case DOUBLES -> {
                    Value doubled = accumulator.shiftLeft(1);
                    loop.store(accumulator, minus ? doubled.minus(sum.value()) : doubled.plus(sum.value()));
                }
                case ADDS -> loop.update(accumulator, minus ? Operator.SUBTRACT : Operator.ADD, sum.value());
            }
        });
        return scope.end();
    }

    /** What a pass adds to channel n, or subtracts when negative. */
    private record Sum(Value value, boolean negative) {
    }

    private Sum sum(Local weights, List<Local> words, List<Local> offsets, List<Local> seconds, Value n,
            Value ones) {
        boolean differences = product.differences();
        Value first = null;
        Value other = null;
        for (int i = 0; i < words.size(); i++) {
            Value x = words.get(i);
            Value one = weights.at(offsets.get(i).plus(n));
            Value two = seconds.isEmpty() ? null : weights.at(seconds.get(i).plus(n));
            switch (product.form()) {
                case BINARY -> first = plus(first, differences ? x.xor(one) : x.and(one));
                case INTEGER -> first = plus(first, x.and(one));
                case TERNARY -> {
                    first = plus(first, differences ? one.and(x.xor(two)) : x.and(one));
                    other = differences ? null : plus(other, x.and(two));
                }
            }
        }
        return switch (product.form()) {
            case INTEGER -> new Sum(product.activation().bipolar() ? first.shiftLeft(1) : first, false);
            case BINARY -> differences
                    ? new Sum(first.shiftLeft(1), true)
                    : new Sum(first.shiftLeft(1).minus(ones), false);
            case TERNARY -> differences
                    ? new Sum(first.shiftLeft(1), true)
                    : new Sum(first.minus(other), false);
        };
    }

    private Value plus(Value sum, Value word) {
        Value count = bits.count(word);
        return sum == null ? count : sum.plus(count);
    }
}
