package dev.tern.quantizer.posttraining;

import java.util.Locale;

/** How the codes of weights are found: by one way alone, so that ways can be compared, or by all of them together. */
public enum Rounding {
    /** By the formula of the scheme. */
    FORMULA,
    /** Each weight to its nearest code, by the scale (and so thresholds) with which the layer's outputs err least. */
    SCALED,
    /**
     * By the formula's scale, one weight after the other, those that follow making up for the error of each (GPTQ,
     * Frantar et al. 2022).
     */
    COMPENSATED,
    /** By the formula, then single codes changed while the layer's outputs err less: up or down, not to the nearest. */
    ADAPTED,
    /**
     * By the formula, of weights that make what the float layer gives of what the quantized layers before it leave, as
     * near as least squares come: layer-wise distillation.
     */
    MATCHED,
    /** By all of these together. */
    FITTED;

    /** As the command line has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is the float layer's outputs that are sought, and not those of its weights for the same inputs. */
    boolean matches() {
        return this == MATCHED || this == FITTED;
    }
}
