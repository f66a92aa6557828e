package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What one tap of a window meets over all output positions.
 *
 * @param inside whether it lies inside the input for some
 * @param outside whether it lies in the padding for some
 * @param padding what it then counts as
 */
record TapCoverage(boolean inside, boolean outside, Operation.Padding padding) {
    /** The taps of a product in the order of its weights; a dense product has one. */
    static List<TapCoverage> of(Operation.Product product, Shape a, Shape weights, Shape result) {
        return switch (product) {
            case Operation.Dense dense -> List.of(new TapCoverage(true, false, Operation.Padding.ZERO));
            case Operation.Conv conv -> of(conv, a, result);
        };
    }

    private static List<TapCoverage> of(Operation.Conv conv, Shape a, Shape result) {
        Geometry g = conv.geometry();
        List<TapCoverage> taps = new ArrayList<>();
        for (int ky = 0; ky < g.kernelHeight(); ky++) {
            int row = ky * g.dilationHeight() - g.padTop();
            int rowsInside = inside(row, g.strideHeight(), result.dimension(0), a.dimension(0));
            for (int kx = 0; kx < g.kernelWidth(); kx++) {
                int column = kx * g.dilationWidth() - g.padLeft();
                int columnsInside = inside(column, g.strideWidth(), result.dimension(1), a.dimension(1));
                taps.add(new TapCoverage(rowsInside > 0 && columnsInside > 0,
                        rowsInside < result.dimension(0) || columnsInside < result.dimension(1), conv.padding()));
            }
        }
        return taps;
    }

    /** How many of the places start, start + stride, ... lie in 0..size-1. */
    private static int inside(int start, int stride, int count, int size) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            int at = start + i * stride;
            found += at >= 0 && at < size ? 1 : 0;
        }
        return found;
    }

    /** What the tap adds to a sum, given the codes (less their zero point) and its weight. */
    Interval term(Interval codes, int weight) {
        Interval product = codes.times(weight);
        if (!outside) {
            return product;
        }
        Interval padded = Interval.of(switch (padding) {
            case ZERO -> 0;
            case PLUS_ONE -> weight;
            case MINUS_ONE -> -weight;
        });
        return inside ? product.hull(padded) : padded;
    }
}
