package dev.tern.quantizer.network;

/** What stands for the gradient of the sign, which is 0 wherever there is one; beyond |x| = 1 it is 0 in all. */
public enum SignGradient {
    /** That of the clipped identity: 1 (Hubara et al. 2016). */
    CLIP {
        @Override
        float at(float x) {
            return x >= -1 && x <= 1 ? 1 : 0;
        }
    },
    /** That of a piecewise quadratic: 2 - 2 |x| (Bi-Real Net, Liu et al. 2018; ReActNet, Liu et al. 2020). */
    QUADRATIC {
        @Override
        float at(float x) {
            return Math.max(2 - 2 * Math.abs(x), 0);
        }
    };

    /** The factor of the gradient at a value. */
    abstract float at(float x);
}
