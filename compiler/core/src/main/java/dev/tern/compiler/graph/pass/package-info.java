/**
 * The passes over the model graph, one file each, and their list, {@link dev.tern.compiler.graph.pass.GraphPasses}.
 * Every pass keeps what is computed bit for bit, and every value that keeps its id keeps its bits; none reorders f32
 * arithmetic. May depend on {@code graph}, {@code graph.formula}, {@code graph.meaning}, by which constants and
 * threshold chains are evaluated, {@code pipeline} and {@code diagnostics}.
 *
 * <p>That holds for infinities and NaN too, which take an overflow of f32 inside the model: a quantizer gives a NaN
 * code 0 or -1, thresholds give it their base, and the greatest of codes is not the code of a greatest that is NaN.
 * {@code Magnitudes} knows where none can arise; what rests on that happens there only.
 *
 * <p>Scales and affine steps are not moved past products and sums, however much that would save: the f32 results would
 * round differently. What moves is what commutes exactly: quantizers with pools, movements and joins, and pools with
 * whatever keeps the order of their elements.
 *
 * <p>After the standard list, of a model whose parameters are bound:
 * <ul>
 * <li>gone are {@code NotLowered}, {@code Parameter}, {@code WeightCodes}, {@code WeightScale} and
 * {@code BatchNorm};</li>
 * <li>weights of products, weight scales, and both operands of {@code Affine}, {@code PRelu} and {@code Threshold}
 * beside x are constants; so is every scale and zero point that does not depend on an input. A scale that does is a
 * {@code RangeScale} of a {@code MeasureRange} (the zero point likewise), or a {@code StepTable};</li>
 * <li>a constant's element type is what its user wants: weights {@code s1} (bipolar), {@code s2} (ternary, no -2
 * occurs) or s(bits), zero points and thresholds accumulators;</li>
 * <li>an {@code Elementwise} may have one constant operand of any shape that broadcasts; two only if the value is
 * an output that depends on no input, and then it is a {@code Constant} itself;</li>
 * <li>{@code Sign}, {@code Ternarize} and {@code Quantize} remain where their scale is measured, where the value
 * before them has other users, or where a {@code Quantize} has more than 16 codes and does not stand behind a sum of
 * codes on one scale, which is a {@code CombineCodes} wherever that gives the same codes; {@code Threshold} reads an
 * accumulator (i32 thresholds) or f32 (before one- and two-bit codes);</li>
 * <li>{@code MaxPool}, {@code Reshape}, {@code Transpose}, {@code Slice} and {@code Concat} may move codes, and
 * {@code MaxPool} accumulators; of f32, {@code MaxPool}, {@code Reshape} and {@code Concat} stand before a quantizer
 * only if its scale is measured or they have other users;</li>
 * <li>accumulators have the interval that their weights allow, within 32 bits;</li>
 * <li>no two nodes compute the same, and only inputs may be unused.</li>
 * </ul>
 */
package dev.tern.compiler.graph.pass;
