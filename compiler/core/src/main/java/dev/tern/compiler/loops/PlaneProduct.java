package dev.tern.compiler.loops;

import dev.tern.compiler.kernel.Producer.PopcountProduct;
import dev.tern.compiler.kernel.Producer.WeightForm;
import java.util.ArrayList;
import java.util.List;

/**
 * One plane of the activations by one of the weights, as a part of their product. The parts run from the most
 * significant, and accumulators double on the way from one power of two to the next: so nothing is shifted by more than
 * a place.
 *
 * @param activation which plane of the activations
 * @param weight which plane of INTEGER weights; 0 of others, whose planes are taken together
 * @param meeting how the part meets what the accumulators hold
 * @param negative whether the part counts with the other sign
 */
record PlaneProduct(int activation, int weight, Meeting meeting, boolean negative) {
    /** How a part meets what the accumulators hold. */
    enum Meeting {
        REPLACES, DOUBLES, ADDS
    }

    /** The parts of a product in their order. */
    static List<PlaneProduct> of(PopcountProduct product) {
        int highest = product.activation().bits() - 1;
        boolean signed = product.activation().signed() && !product.activation().bipolar();
        boolean integer = product.form() == WeightForm.INTEGER;
        int highestWeight = integer ? product.bits().layout().planes() - 1 : 0;
        List<PlaneProduct> parts = new ArrayList<>();
        for (int power = highest + highestWeight; power >= 0; power--) {
            Meeting meeting = parts.isEmpty() ? Meeting.REPLACES : Meeting.DOUBLES;
            for (int weight = Math.min(power, highestWeight); weight >= Math.max(0, power - highest); weight--) {
                boolean negative = (signed && power - weight == highest) != (integer && weight == highestWeight);
                parts.add(new PlaneProduct(power - weight, weight, meeting, negative));
                meeting = Meeting.ADDS;
            }
        }
        return parts;
    }
}
