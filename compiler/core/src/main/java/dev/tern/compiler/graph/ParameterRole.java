package dev.tern.compiler.graph;

/** What a parameter is to its op. Frameworks name parameters of one role alike, and order their elements alike. */
public enum ParameterRole {
    /** [out, in]. */
    DENSE,
    /** [out, height, width, in / groups]. */
    CONV,
    /** [in * multiplier, height, width, 1]. */
    DEPTHWISE,
    /** [out, length, in / groups]. */
    CONV1D,
    /** [out, height, width, in / groups]. */
    CONVTRANSPOSE,
    /** The factor of a norm, [channels]. */
    GAMMA,
    /** The summand of a norm, [channels]. */
    BETA,
    /** What batchnorm subtracts, [channels]. */
    MEAN,
    /** What batchnorm divides by the root of, [channels]. */
    VARIANCE,
    /** The slope of prelu, [channels]. */
    SLOPE,
    /** Anything else; of one name and order everywhere. */
    OTHER;

    /** Whether it is a number of each channel, so that a single number stands for all of them. */
    public boolean perChannel() {
        return switch (this) {
            case GAMMA, BETA, MEAN, VARIANCE, SLOPE -> true;
            case DENSE, CONV, DEPTHWISE, CONV1D, CONVTRANSPOSE, OTHER -> false;
        };
    }
}
