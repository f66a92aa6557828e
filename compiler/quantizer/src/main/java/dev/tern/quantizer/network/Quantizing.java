package dev.tern.quantizer.network;

/** A layer that rounds to codes, and passes reals on until it is switched on. */
interface Quantizing extends TrainedLayer {
    /** @param on whether values are rounded; they are to begin with */
    void quantize(boolean on);
}
