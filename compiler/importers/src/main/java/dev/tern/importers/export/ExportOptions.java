package dev.tern.importers.export;

/**
 * How a model is written.
 *
 * @param opset version of the standard operators; 21 brought 4-bit integers, 25 those of two bits
 * @param qonnx quantizers and weights as QONNX's {@code Quant} and {@code BipolarQuant}, for FINN and hls4ml
 * @param codes products of statically quantized values on their codes, whose sums are exact, and not on what the codes
 *     stand for, as tools expect that fuse quantizers into their own integer kernels
 * @param narrowest every code behind QuantizeLinear in the narrowest type that the operator set has, though ONNX
 * Runtime
 *     does not run all of it right
 */
public record ExportOptions(int opset, boolean qonnx, boolean codes, boolean narrowest) {
    /** The first version with everything that is written. */
    public static final int LEAST_OPSET = 20;
    /** The newest version that is written. */
    public static final int NEWEST_OPSET = 25;
    /** Standard operators, with integers of two bits, quantizers around products. */
    public static final ExportOptions DEFAULT = new ExportOptions(NEWEST_OPSET, false, false, false);

    public ExportOptions {
        if (opset < LEAST_OPSET || opset > NEWEST_OPSET) {
            throw new IllegalArgumentException("operator sets " + LEAST_OPSET + " to " + NEWEST_OPSET
                    + " are written, not " + opset);
        }
    }

    /** Types as ONNX Runtime runs them right. */
    public ExportOptions(int opset, boolean qonnx, boolean codes) {
        this(opset, qonnx, codes, false);
    }
}
