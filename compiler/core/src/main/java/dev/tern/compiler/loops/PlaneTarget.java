package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;

/** Where the words of a row's planes go: to a row of their own, or to a stretch of bits of the one flattened row. */
final class PlaneTarget {
    private final RoutineScope scope;
    private final Buffer buffer;
    private final Layout.Planes layout;
    private final boolean flattened;
    private final Producer producer;
    private final WordValues words;

    PlaneTarget(RoutineScope scope, Buffer buffer, boolean flattened, Producer producer) {
        this.scope = scope;
        this.buffer = buffer;
        this.layout = (Layout.Planes) buffer.layout();
        this.flattened = flattened;
        this.producer = producer;
        this.words = new WordValues(layout.word());
    }

    int bits() {
        return layout.bits();
    }

    WordValues words() {
        return words;
    }

    boolean bipolar() {
        return layout.code().bipolar();
    }

    /** Stores word {@code word} of the row's plane, of which {@code count} bits are channels and the rest 0. */
    void store(Block block, int plane, Value word, Value count, Local bits) {
        if (flattened && producer.rows() > 1) {
            flattened(block, plane, word, count, bits);
        } else {
            Value row = producer.rows() == 1
                    ? word
                    : scope.get("row").times(layout.bits() * layout.wordsPerRow()).plus(word);
            block.store(at(row, plane), bits);
        }
    }

    /**
     * The same of a part of a word, where the parts come one after the other, from that of bit 0 on.
     *
     * @param bit the part's first
     */
    void storePart(Block block, int plane, Value word, Value bit, Local bits) {
        Value row = scope.get("row").times(layout.bits() * layout.wordsPerRow()).plus(word);
        Value before = bit.is(Relation.EQUAL, Value.of(0)).choose(words.zero(), at(row, plane));
        block.store(at(row, plane), before.or(bits));
    }

    private void flattened(Block block, int plane, Value word, Value count, Local bits) {
        int channels = producer.channels();
        if (channels % words.bits() == 0) {
            block.store(at(scope.get("row").times(channels / words.bits()).plus(word), plane), bits);
            return;
        }
        Local at = block.declare(scope.fresh("at"), scope.get("row").times(channels).plus(words.start(word)));
        Local target = block.declare(scope.fresh("target"), words.index(at));
        block.update(at(target, plane), Operator.OR, bits.shiftLeft(at));
        if (words.bits() % channels != 0) {
            block.when(words.spill(at, count),
                    spill -> spill.update(at(target.plus(1), plane), Operator.OR,
                            bits.shiftRightUnsigned(at.negated())));
        }
    }

    private Value.ArrayElement at(Value index, int plane) {
        return scope.element(buffer.id(), index.plus(plane * layout.wordsPerRow()));
    }
}
