package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What windows meet of an input and its padding, counted by hand and by walking over every output. */
class TapCoverageTest {
    private static List<TapCoverage> taps(Geometry g, int height, int width, Padding padding) {
        return TapCoverage.of(new Operation.Conv(null, Optional.empty(), null, g, 1, padding),
                Shape.of(height, width, 1), null,
                Shape.of(g.outputHeight(height), g.outputWidth(width), 1));
    }

    private static TapCoverage tap(boolean inside, boolean outside) {
        return new TapCoverage(inside, outside, Padding.ZERO);
    }

    @Test
    void theMiddleOfAPaddedWindowAloneIsNeverOutside() {
        List<TapCoverage> taps = taps(new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), 2, 2, Padding.ZERO);
        for (int i = 0; i < 9; i++) {
            assertThat(taps.get(i)).as("tap %d", i).isEqualTo(tap(true, i != 4));
        }
    }

    @Test
    void ofOnePixelAllButTheMiddleIsPadding() {
        List<TapCoverage> taps = taps(new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), 1, 1, Padding.ZERO);
        for (int i = 0; i < 9; i++) {
            assertThat(taps.get(i)).as("tap %d", i).isEqualTo(tap(i == 4, i != 4));
        }
    }

    @Test
    void stridesMayLeaveOutWhatIsPaddedBelow() {
        // Rows -1, 1 of 4 start; the third tap meets rows 1 and 3, the last of the input.
        assertThat(taps(new Geometry(3, 1, 2, 1, 1, 1, 1, 0, 0, 0), 4, 1, Padding.ZERO)).containsExactly(
                tap(true, true), tap(true, false), tap(true, false));
        // With dilation 2 they meet rows -1, 1; 1, 3; 3, 5 of five.
        assertThat(taps(new Geometry(1, 3, 1, 2, 1, 2, 0, 1, 0, 2), 1, 5, Padding.ZERO)).containsExactly(
                tap(true, true), tap(true, false), tap(true, true));
    }

    @Test
    void everyGeometryAsAWalkFindsIt() {
        for (int kernel = 1; kernel <= 3; kernel++) {
            for (int stride = 1; stride <= 3; stride++) {
                for (int dilation = 1; dilation <= 2; dilation++) {
                    for (int before = 0; before <= 2; before++) {
                        Geometry g = new Geometry(kernel, 2, stride, 1, dilation, 1, before, 0, 2, 1);
                        assertThat(taps(g, 4, 3, Padding.PLUS_ONE)).as(g.toString())
                                .isEqualTo(walked(g, 4, 3, Padding.PLUS_ONE));
                    }
                }
            }
        }
    }

    private static List<TapCoverage> walked(Geometry g, int height, int width, Padding padding) {
        List<TapCoverage> taps = new ArrayList<>();
        for (int ky = 0; ky < g.kernelHeight(); ky++) {
            for (int kx = 0; kx < g.kernelWidth(); kx++) {
                boolean inside = false;
                boolean outside = false;
                for (int y = 0; y < g.outputHeight(height); y++) {
                    for (int x = 0; x < g.outputWidth(width); x++) {
                        int row = y * g.strideHeight() + ky * g.dilationHeight() - g.padTop();
                        int column = x * g.strideWidth() + kx * g.dilationWidth() - g.padLeft();
                        boolean meets = 0 <= row && row <= height - 1 && 0 <= column && column <= width - 1;
                        inside |= meets;
                        outside |= !meets;
                    }
                }
                taps.add(new TapCoverage(inside, outside, padding));
            }
        }
        return taps;
    }

    @Test
    void termsByWhatTheTapMeets() {
        Interval codes = new Interval(2, 5);
        assertThat(tap(true, false).term(codes, -3)).isEqualTo(new Interval(-15, -6));
        assertThat(tap(true, true).term(codes, -3)).isEqualTo(new Interval(-15, 0));
        assertThat(tap(false, true).term(codes, -3)).isEqualTo(new Interval(0, 0));
        assertThat(new TapCoverage(true, true, Padding.PLUS_ONE).term(codes, -3)).isEqualTo(new Interval(-15, -3));
        assertThat(new TapCoverage(true, true, Padding.MINUS_ONE).term(codes, -3)).isEqualTo(new Interval(-15, 3));
        assertThat(new TapCoverage(false, true, Padding.MINUS_ONE).term(codes, 4)).isEqualTo(new Interval(-4, -4));
        assertThat(new TapCoverage(false, true, Padding.PLUS_ONE).term(codes, 4)).isEqualTo(new Interval(4, 4));
    }
}
