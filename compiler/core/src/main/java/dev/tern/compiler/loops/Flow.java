package dev.tern.compiler.loops;

import dev.tern.compiler.code.Value;

/**
 * What runs through an epilogue: the value of a channel, or of a vector of them.
 *
 * @param bit of a bipolar code the bit that stands for it, a word, or a mask of several; null where the value has none
 *        at hand
 */
record Flow(Value value, Value bit) {
    Flow(Value value) {
        this(value, null);
    }
}
