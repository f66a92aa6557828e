package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.PopcountProduct;

/**
 * Gathers the bits under a window into a patch, plane by plane: tap after tap, so that a patch's words are full even
 * where pixels have few channels. Also makes good what taps in the padding add.
 */
final class Patches {
    private final ClassScope owner;
    private final PixelKernel kernel;
    private final PopcountProduct product;

    Patches(ClassScope owner, PixelKernel kernel, PopcountProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
    }

    /** A method of {@code top} and {@code left} that fills the patch. */
    Callee gather() {
        MethodScope scope = owner.method(kernel, "gather", "top", "left");
        BufferId patch = product.patch().orElseThrow();
        int bits = product.activation().bits();
        int channels = product.inputChannels();
        int wordsPerRow = channels + 63 >>> 6;
        scope.body().loop("word", 0, bits * product.words(),
                (block, word) -> block.store(scope.element(patch, word), Value.of(0L)));
        new WindowTaps(product.window(), scope).inside((block, tap) -> {
            Local source = block.declare("source", tap.pixel().times(bits * wordsPerRow));
            Local position = block.declare("position", tap.tap().times(channels));
            block.loop("plane", 0, bits, (planes, plane) -> {
                Local from = planes.declare("from", source.plus(plane.times(wordsPerRow)));
                Local to = planes.declare("to", plane.times(product.words()));
                if (wordsPerRow == 1) {
                    move(scope, planes, patch, scope.element(product.input(), from), to, position, channels);
                } else {
                    planes.loop("i", 0, wordsPerRow, (words, i) -> move(scope, words, patch,
                            scope.element(product.input(), from.plus(i)), to, position.plus(i.shiftLeft(6)),
                            channels));
                }
            });
        });
        return scope.end();
    }

    /** Puts a word of a pixel at a bit position of a plane of the patch; bits past the pixel's last are 0. */
    private void move(MethodScope scope, Block block, BufferId patch, Value word, Value to, Value position,
            int channels) {
        Local bits = block.declare("bits", word);
        Local at = block.declare("at", position);
        Local target = block.declare("target", to.plus(at.shiftRight(6)));
        if (channels % 64 == 0) {
            block.store(scope.element(patch, target), bits);
            return;
        }
        // Shifts by long counts take the low six bits of the count.
        block.update(scope.element(patch, target), Operator.OR, bits.shiftLeft(at));
        if (64 % channels != 0) {
            Value last = channels < 64 ? Value.of(channels) : rest(at, channels);
            block.when(at.and(Value.of(63)).plus(last).greaterThan(Value.of(64)), spill -> spill.update(
                    scope.element(patch, target.plus(1)), Operator.OR, bits.shiftRightUnsigned(at.negated())));
        }
    }

    /** How many bits of the word at a position are the pixel's: all 64, or what is left of its channels. */
    private static Value rest(Value at, int channels) {
        return JavaMath.MIN_INT.of(Value.of(64), Value.of(channels)
                .minus(Value.binary(Operator.REMAINDER, at, Value.of(channels))));
    }

    /** A method of {@code top}, {@code left} and, with a measured zero point, {@code zero}. */
    Callee padding() {
        MethodScope scope = product.zero().isPresent()
                ? owner.method(kernel, "padding", "top", "left", "zero")
                : owner.method(kernel, "padding", "top", "left");
        Local sums = scope.constant(product.tapSums().orElseThrow());
        int factor = product.paddingFactor();
        new WindowTaps(product.window(), scope).outside((block, tap) -> {
            Local offset = block.declare("offset", tap.tap().times(product.channels()));
            block.loop("n", 0, product.channels(), (loop, n) -> {
                Value sum = sums.at(offset.plus(n));
                Value weighted = product.zero().isPresent()
                        ? scope.get("zero").plus(factor).times(sum)
                        : sum.times(factor);
                loop.update(scope.element(product.accumulator(), n), Operator.ADD, weighted);
            });
        });
        return scope.end();
    }
}
