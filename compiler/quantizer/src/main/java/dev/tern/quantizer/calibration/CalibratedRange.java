package dev.tern.quantizer.calibration;

/**
 * The range of one static quantizer, and how well it holds.
 *
 * @param path the parameter: {@code body.conv.range}
 * @param bits of the codes
 * @param rule the one that gave the range
 * @param range what goes into the file
 * @param seen the least and the greatest value of any sample, and 0
 * @param outside 0..1: the share of the values looked at that lie outside of the range
 * @param extremeSample the index of the sample with the value of the greatest magnitude
 * @param fixed the noise of this range on the samples
 * @param dynamic the noise with a range measured for each sample, {@code dynamic(bits, minmax)}
 */
public record CalibratedRange(String path, int bits, RangeRule rule, Range range, Range seen, double outside,
        int extremeSample, Noise fixed, Noise dynamic) {
}
