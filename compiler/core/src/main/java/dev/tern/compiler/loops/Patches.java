package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.PopcountProduct;

/**
 * Gathers the bits under a window into a patch, plane by plane: tap after tap, so that a patch's words are full even
 * where pixels have few channels. Also makes good what taps in the padding add.
 */
final class Patches {
    /** So many words of a plane are gathered without a loop; each comes to some 20 bytes of bytecode. */
    private static final int STRAIGHT_WORDS = 32;
    /** The same at the border, where each word is also chosen. */
    private static final int STRAIGHT_EDGE_WORDS = 16;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final PopcountProduct product;
    private final WordValues words;

    Patches(ProgramScope owner, PixelKernel kernel, PopcountProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.words = new WordValues(product.bits().word());
    }

    /**
     * A routine of {@code top}, {@code left} and {@code slot} that fills the patch of any window in the quickest way.
     */
    Callee anyWindow() {
        boolean padded = product.window().geometry().padded();
        Callee inside = straight(false) ? gatherStraight(false) : gather();
        if (!padded) {
            return inside;
        }
        Callee border = straight(true) ? gatherStraight(true) : straight(false) ? gather() : inside;
        RoutineScope scope = owner.routine(kernel, "gather_any", "top", "left", "slot");
        Value[] arguments = {scope.get("top"), scope.get("left"), scope.get("slot")};
        scope.body().when(WindowTaps.atBorder(product.window(), scope.get("top"), scope.get("left")),
                block -> block.call(scope.call(border, arguments)), block -> block.call(scope.call(inside, arguments)));
        return scope.end();
    }

    /** The parameters of a routine that fills a patch: with patches of several rows also which. */
    private String[] parameters() {
        return product.inColumns() ? new String[]{"top", "left", "slot"} : new String[]{"top", "left"};
    }

    /** Where a routine's patch begins among those of several rows. */
    private Value base(RoutineScope scope) {
        return product.inColumns()
                ? scope.body().declare("base", scope.get("slot").times(product.activation().bits() * product.words()))
                : Value.of(0);
    }

    /** A routine of {@code top} and {@code left} that fills the patch of a window, of any window. */
    Callee gather() {
        RoutineScope scope = owner.routine(kernel, "gather", parameters());
        Value base = base(scope);
        BufferId patch = product.patch().orElseThrow();
        int bits = product.activation().bits();
        int channels = product.inputChannels();
        int wordsPerRow = words.word().count(channels);
        scope.body().loop("word", 0, bits * product.words(),
                (block, word) -> block.store(scope.element(patch, base.equals(Value.of(0)) ? word : base.plus(word)),
                        words.zero()));
        new WindowTaps(product.window(), scope).inside((block, tap) -> {
            Local source = block.declare("source", tap.pixel().times(bits * wordsPerRow));
            Local position = block.declare("position", tap.tap().times(channels));
            block.loop("plane", 0, bits, (planes, plane) -> {
                Local from = planes.declare("from", source.plus(plane.times(wordsPerRow)));
                Local to = planes.declare("to", plane.times(product.words()).plus(base));
                if (wordsPerRow == 1) {
                    move(scope, planes, patch, scope.element(product.input(), from), to, position, channels);
                } else {
                    planes.loop("i", 0, wordsPerRow, (inner, i) -> move(scope, inner, patch,
                            scope.element(product.input(), from.plus(i)), to, position.plus(words.start(i)),
                            channels));
                }
            });
        });
        return scope.end();
    }

    /** Whether windows are gathered by straight code. @param edge those at the border, else those inside the input */
    boolean straight(boolean edge) {
        int gathered = product.window().geometry().taps() * words.word().count(product.inputChannels());
        return gathered <= (edge ? STRAIGHT_EDGE_WORDS : STRAIGHT_WORDS);
    }

    /**
     * The same without a loop: every word of the patch is put together from words at constant distances, without a read
     * of what it held.
     *
     * @param edge for any window, else for those inside the input
     */
    Callee gatherStraight(boolean edge) {
        Callee plane = gatherPlane(edge);
        RoutineScope scope = owner.routine(kernel, edge ? "gather_edge" : "gather_inside", parameters());
        Value base = base(scope);
        int bits = product.activation().bits();
        int wordsPerRow = words.word().count(product.inputChannels());
        int start = owner.program().buffer(product.input()).offset();
        int patch = owner.program().buffer(product.patch().orElseThrow()).offset();
        Value pixel = scope.get("top").times(product.window().inputWidth()).plus(scope.get("left"));
        Local source = scope.body().declare("source", pixel.times(bits * wordsPerRow).plus(start));
        for (int i = 0; i < bits; i++) {
            Value target = base.equals(Value.of(0))
                    ? Value.of(patch + i * product.words())
                    : base.plus(patch + i * product.words());
            scope.body().call(edge
                    ? scope.call(plane, source.plus(i * wordsPerRow), target, scope.get("top"), scope.get("left"))
                    : scope.call(plane, source.plus(i * wordsPerRow), target));
        }
        return scope.end();
    }

    /**
     * A routine of {@code source} and {@code target}, indices in the arrays of input and patch: one plane of a window.
     */
    private Callee gatherPlane(boolean edge) {
        RoutineScope scope = edge
                ? owner.routine(kernel, "gather_edge_plane", "source", "target", "top", "left")
                : owner.routine(kernel, "gather_plane", "source", "target");
        EdgeTaps taps = edge ? new EdgeTaps(scope, product.window()) : null;
        int channels = product.inputChannels();
        int wordsPerRow = words.word().count(channels);
        int width = words.bits();
        Value[] gathered = new Value[product.words()];
        for (int tap = 0; tap < product.window().geometry().taps(); tap++) {
            int pixel = EdgeTaps.distance(product.window(), tap) * product.activation().bits() * wordsPerRow;
            for (int i = 0; i < wordsPerRow; i++) {
                Value element = scope.absolute(product.input(), scope.get("source").plus(pixel + i));
                Local word = scope.body().declare("x" + tap + "_" + i,
                        edge ? taps.choose(tap, element, words.zero()) : element);
                int at = tap * channels + width * i;
                int place = words.word().place(at);
                add(gathered, words.word().index(at), word.shiftLeft(place));
                if (place + Math.min(width, channels - width * i) > width) {
                    add(gathered, words.word().index(at) + 1, word.shiftRightUnsigned(Value.of(width - place)));
                }
            }
        }
        for (int i = 0; i < gathered.length; i++) {
            scope.body().store(scope.absolute(product.patch().orElseThrow(), scope.get("target").plus(i)), gathered[i]);
        }
        return scope.end();
    }

    private static void add(Value[] gathered, int index, Value bits) {
        gathered[index] = gathered[index] == null ? bits : gathered[index].or(bits);
    }

    /** Puts a word of a pixel at a bit position of a plane of the patch; bits past the pixel's last are 0. */
    private void move(RoutineScope scope, Block block, BufferId patch, Value word, Value to, Value position,
            int channels) {
        Local bits = block.declare("bits", word);
        Local at = block.declare("at", position);
        Local target = block.declare("target", to.plus(words.index(at)));
        if (channels % words.bits() == 0) {
            block.store(scope.element(patch, target), bits);
            return;
        }
        block.update(scope.element(patch, target), Operator.OR, bits.shiftLeft(at));
        if (words.bits() % channels != 0) {
            Value last = channels < words.bits() ? Value.of(channels) : rest(at, channels);
            block.when(words.spill(at, last), spill -> spill.update(
                    scope.element(patch, target.plus(1)), Operator.OR, bits.shiftRightUnsigned(at.negated())));
        }
    }

    /** How many bits of the word at a position are the pixel's: all, or what is left of its channels. */
    private Value rest(Value at, int channels) {
        return MathFunction.MIN_INT.of(Value.of(words.bits()), Value.of(channels)
                .minus(Value.binary(Operator.REMAINDER, at, Value.of(channels))));
    }

    /** A routine of {@code top}, {@code left} and, with a measured zero point, {@code zero}. */
    Callee padding() {
        RoutineScope scope = product.corrections().zero().isPresent()
                ? owner.routine(kernel, "padding", "top", "left", "zero")
                : owner.routine(kernel, "padding", "top", "left");
        Local sums = scope.constant(product.corrections().borderSums().orElseThrow());
        int factor = product.corrections().paddingFactor();
        Local first = scope.body().declare("first", PaddingSums.first(scope, product));
        scope.body().loop("n", 0, product.channels(), (loop, n) -> {
            Value sum = sums.at(first.plus(n));
            Value weighted = product.corrections().zero().isPresent()
                    ? scope.get("zero").plus(factor).times(sum)
                    : sum.times(factor);
            loop.update(scope.element(product.accumulator(), n), Operator.ADD, weighted);
        });
        return scope.end();
    }
}
