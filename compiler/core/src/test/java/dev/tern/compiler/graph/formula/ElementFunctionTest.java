package dev.tern.compiler.graph.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read off formulas, held against their values. */
class ElementFunctionTest {
    static List<ElementFunction> functions() {
        return ElementFunction.ALL;
    }

    /** Zeros, infinities, and numbers of every exponent, ascending as {@link Math#max(float, float)} orders them. */
    private static List<Float> sweep() {
        List<Float> values = new ArrayList<>();
        int step = 0x2_9123;
        for (int bits = 0x7f80_0000; bits > 0; bits -= step) {
            values.add(-Float.intBitsToFloat(bits));
        }
        values.addAll(List.of(-Float.MIN_VALUE, -0f, 0f, Float.MIN_VALUE));
        for (int bits = 1 + step; bits < 0x7f80_0000; bits += step) {
            values.add(Float.intBitsToFloat(bits));
        }
        values.addAll(List.of(-3f, -1f, 1f, 3f, 6f, Float.MAX_VALUE));
        values.sort(null);
        return values;
    }

    @ParameterizedTest
    @MethodSource("functions")
    void theSignIsThatOfEveryValue(ElementFunction function) {
        for (float x : sweep()) {
            KnownSign known = function.sign(KnownSign.of(x));
            float y = function.apply(x);
            if (!Float.isNaN(y)) {
                assertThat(KnownSign.of(y)).as("%s of %s is %s", function.name(), x, y).isGreaterThanOrEqualTo(known);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void whatRisesNeverFalls(ElementFunction function) {
        if (!function.rises()) {
            return;
        }
        float before = Float.NEGATIVE_INFINITY;
        for (float x : sweep()) {
            float y = function.apply(x);
            assertThat(Float.compare(before, y)).as("%s of %s is %s after %s", function.name(), x, y, before)
                    .isNotPositive();
            before = y;
        }
    }

    @Test
    void reluRisesAndKnowsItsSign() {
        assertThat(ElementFunction.RELU.rises()).isTrue();
        assertThat(ElementFunction.RELU.hasVectorForm()).isTrue();
        assertThat(ElementFunction.RELU.sign(KnownSign.ANY)).isEqualTo(KnownSign.NO_SIGN_BIT);
        assertThat(ElementFunction.RELU.apply(-0f)).isEqualTo(0f);
    }

    @Test
    void smoothFunctionsKeepTheSignOfTheirOperand() {
        for (ElementFunction function : List.of(ElementFunction.TANH, ElementFunction.SILU, ElementFunction.GELU)) {
            assertThat(function.sign(KnownSign.NO_SIGN_BIT)).isEqualTo(KnownSign.NO_SIGN_BIT);
            assertThat(function.sign(KnownSign.NOT_NEGATIVE)).isEqualTo(KnownSign.NOT_NEGATIVE);
            assertThat(function.sign(KnownSign.ANY)).isEqualTo(KnownSign.ANY);
            assertThat(function.rises()).isFalse();
            assertThat(function.hasVectorForm()).isFalse();
        }
        assertThat(ElementFunction.SIGMOID.sign(KnownSign.ANY)).isEqualTo(KnownSign.NO_SIGN_BIT);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void theDerivativeIsTheSlope(ElementFunction function) {
        Formula derivative = function.formula().derivative();
        for (double x = -6.05; x < 7; x += 0.1) {
            if (Double.isInfinite(value(function.formula(), x))) {
                // The logarithm of what is not above zero has no slope.
                continue;
            }
            double step = 1e-6;
            double slope = (value(function.formula(), x + step) - value(function.formula(), x - step)) / (2 * step);
            assertThat(value(derivative, x)).as("%s at %s", function.name(), x).isCloseTo(slope, within(1e-6));
        }
    }

    private static double value(Formula formula, double x) {
        return formula.in(Arithmetic.F64, List.of(x));
    }
}
