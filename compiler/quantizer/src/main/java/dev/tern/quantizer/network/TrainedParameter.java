package dev.tern.quantizer.network;

/**
 * A tensor of the model that is kept in its parameter file.
 *
 * @param path where it is bound, for example {@code stem.conv.weight}
 * @param signal its values; without a gradient it is measured (a running mean or variance), not learned
 * @param limit learned values stay within -limit..limit; 1 for latent binary weights, which would drift away from
 *     the only two values that matter otherwise (BinaryConnect)
 */
public record TrainedParameter(String path, Signal signal, float limit) {
}
