package dev.tern.compiler.kernel;

import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.target.Word;
import dev.tern.runtime.layout.WeightLayout;

/**
 * Weights as planes of bits. BINARY: one plane, bit 1 for +1. TERNARY: two planes. With bipolar activations plane one
 * is nonzero and plane two positive; with other activations plane one is positive and plane two negative. INTEGER: the
 * bits of the codes in two's complement, the lowest first.
 *
 * @param word what the bits of weights and activations are packed in
 * @param layout where the words lie: planes, words of a plane of a channel, channels, panels
 * @param words Longs or Ints, as the word is
 */
public record BitWeights(WeightForm form, Word word, WeightLayout layout, ConstantId words) {
    /** The same with its id looked up. */
    BitWeights map(KernelIds ids) {
        return new BitWeights(form, word, layout, ids.constant(words));
    }
}
