package dev.tern.compiler.graph;

/** How float weights become codes and scales; the arithmetic is that of the numerics reference. */
public sealed interface WeightScheme {
    ScaleGranularity scale();

    /** sign(w), sign(0) = +1; scale = mean |w|. */
    record Binary(ScaleGranularity scale) implements WeightScheme {
    }

    /** Zero where |w| is at or under a threshold, else the sign. */
    record Ternary(TernaryRule rule, ScaleGranularity scale) implements WeightScheme {
    }

    /** clamp(rint(w / s)) on the narrow symmetric grid. @param bits 2..8 */
    record Integer(int bits, ScaleGranularity scale) implements WeightScheme {
    }

    /**
     * The grid of so many bits that ONNX's DynamicQuantizeLinear gives the range of the weights, 0 in it. Codes are
     * kept less their zero point, -(2^bits - 1)..2^bits - 1, so that products know of none.
     *
     * @param bits 2..7
     */
    record Asymmetric(int bits, ScaleGranularity scale) implements WeightScheme {
    }

    /** Weights stay f32. */
    record Floating() implements WeightScheme {
        @Override
        public ScaleGranularity scale() {
            return ScaleGranularity.NONE;
        }
    }

    /** The same codes with scales that others share; float weights have none. */
    default WeightScheme withScale(ScaleGranularity scale) {
        return switch (this) {
            case Binary _ -> new Binary(scale);
            case Ternary(TernaryRule rule, _) -> new Ternary(rule, scale);
            case Integer(int bits, _) -> new Integer(bits, scale);
            case Asymmetric(int bits, _) -> new Asymmetric(bits, scale);
            case Floating floating -> floating;
        };
    }

    /** Over which weights one scale is shared. */
    sealed interface ScaleGranularity {
        ScaleGranularity CHANNEL = new PerChannel();
        ScaleGranularity TENSOR = new PerTensor();
        ScaleGranularity NONE = new None();

        record PerChannel() implements ScaleGranularity {
        }

        record PerTensor() implements ScaleGranularity {
        }

        /**
         * The scale is 1. Ternary thresholds are then those of each channel; schemes whose codes are w / scale divide
         * by 1.
         */
        record None() implements ScaleGranularity {
        }

        /**
         * Of one output channel the weights of so many consecutive inputs, at all places of a window, share a scale.
         */
        record Group(int size) implements ScaleGranularity {
        }
    }

    /** Where zero begins. */
    sealed interface TernaryRule {
        /** D = 0.7 mean |w| (Ternary Weight Networks). */
        record Twn() implements TernaryRule {
        }

        /** BitNet b1.58: s = max(mean |W|, 1e-5), codes clamp(rint(w / s), -1, 1); one scale per tensor. */
        record AbsMean() implements TernaryRule {
        }

        /**
         * Trained Ternary Quantization: D = p max |w|, two scales: the mean of |w| over {@code w > D} and over {@code w
         * < -D}.
         */
        record Ttq(float p) implements TernaryRule {
        }

        /** D = v max |w|. */
        record Threshold(float v) implements TernaryRule {
        }
    }
}
