package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {
    @Test
    void countsTheElementsOfAShape() {
        assertThat(Signature.Port.of("x", Element.F32, 2, 3, 4).elements()).isEqualTo(24);
        assertThat(Signature.Port.of("x", Element.F32).elements()).isEqualTo(1);
        assertThat(Signature.Port.step("t", 9).elements()).isEqualTo(1);
    }

    @Test
    void refusesShapesThatNoArrayHolds() {
        assertThatThrownBy(() -> Signature.Port.of("x", Element.F32, 0)).hasMessage("x: dimension 0");
        assertThatThrownBy(() -> Signature.Port.of("x", Element.F32, 1 << 16, 1 << 16, 1 << 16, 1 << 16))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("too many elements");
    }

    @Test
    void refusesStepsThatDoNotGoWithTheElement() {
        assertThatThrownBy(() -> Signature.Port.step("t", 0)).hasMessage("t: 0 steps for step");
        assertThatThrownBy(() -> new Signature.Port("x", "", Element.F32, 3, List.of(), List.of()))
                .hasMessage("x: 3 steps for f32");
        assertThatThrownBy(() -> signature(Signature.Port.of("x", Element.I32), Signature.Port.of("y", Element.F32)))
                .hasMessage("an i32 input");
        assertThatThrownBy(() -> signature(Signature.Port.of("x", Element.F32), Signature.Port.step("t", 2)))
                .hasMessage("a step output");
    }

    private static Signature signature(Signature.Port input, Signature.Port output) {
        return new Signature("M", "", List.of(input), List.of(output), List.of(), 0, 0, "portable", "");
    }
}
