package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.kernel.KernelModels.Activations;
import dev.tern.compiler.kernel.KernelModels.Weights;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dense and convolution products of every scheme, against the graph's definition. */
class ProductLoweringTest {
    static List<Arguments> schemes() {
        List<Arguments> all = new ArrayList<>();
        for (Activations activations : Activations.values()) {
            for (Weights weights : Weights.values()) {
                all.add(Arguments.of(activations, weights));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void dense(Activations activations, Weights weights) {
        KernelModels models = new KernelModels(1);
        ValueId x = models.input("x", 3, 70);
        ValueId y = models.affine(models.dense(x, activations, weights, 17));
        models.output("y", models.add(new Operation.Activation(ElementFunction.RELU, y)));
        SameResults.check(models.build(), 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 127, 128, 129, 511, 513})
    void denseOfAnyDepth(int depth) {
        for (Activations activations : List.of(Activations.SIGN, Activations.TERNARY, Activations.MINMAX3)) {
            KernelModels models = new KernelModels(depth);
            ValueId x = models.input("x", depth);
            ValueId h = models.dense(x, activations, Weights.BINARY, 65);
            models.output("y", models.dense(h, activations, Weights.TERNARY, 1));
            SameResults.check(models.build(), 3);
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void paddedConvolution(Activations activations, Weights weights) {
        if (activations == Activations.ROWS4) {
            return;
        }
        for (Padding padding : Padding.values()) {
            KernelModels models = new KernelModels(4);
            ValueId x = models.input("x", 5, 7, 13);
            Geometry geometry = new Geometry(3, 3, 2, 1, 1, 2, 1, 2, 0, 1);
            models.output("y", conv(models, x, activations, weights, geometry, 1, padding, 9));
            SameResults.check(models.build(), 5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 21, 63, 64, 65, 127, 128, 129})
    void convolutionOfAnyNumberOfChannels(int channels) {
        for (Activations activations : List.of(Activations.SIGN, Activations.STATIC4)) {
            KernelModels models = new KernelModels(channels);
            ValueId x = models.input("x", 4, 3, channels);
            Geometry geometry = new Geometry(3, 2, 1, 1, 1, 1, 1, 1, 1, 0);
            ValueId h = conv(models, x, activations, Weights.TERNARY, geometry, 1, Padding.ZERO, channels);
            models.output("y", conv(models, h, activations, Weights.BINARY, geometry, 1, Padding.MINUS_ONE, 5));
            SameResults.check(models.build(), channels);
        }
    }

    /**
     * Threads divide one row by its columns of 64 channels, and several by rows, of which some are gathered at a time.
     */
    @ParameterizedTest
    @ValueSource(ints = {64, 65, 128, 200})
    void severalColumnsOfChannels(int channels) {
        for (Activations activations : List.of(Activations.SIGN, Activations.MINMAX3)) {
            KernelModels models = new KernelModels(channels);
            ValueId x = models.input("x", 7, 5, 20);
            Geometry geometry = new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
            models.output("conv", conv(models, x, activations, Weights.TERNARY, geometry, 1, Padding.ZERO, channels));
            ValueId rows = models.input("rows", 9, 70);
            models.output("rows", models.dense(rows, activations, Weights.BINARY, channels));
            ValueId row = models.input("row", 70);
            models.output("row", models.dense(row, activations, Weights.TERNARY, channels));
            ValueId square = models.input("square", 2, 2, 10);
            models.output("corner", conv(models, square, activations, Weights.BINARY, Geometry.valid(2, 2, 1), 1,
                    Padding.ZERO, channels));
            SameResults.check(models.build(), channels);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void dynamicCodesOfEveryWidth(int bits) {
        List<Grid> grids = new ArrayList<>();
        for (Grid.Rule rule : List.of(Grid.Rule.ABSMAX, Grid.Rule.MINMAX)) {
            grids.add(new Grid(new ElementType.Code(bits, false), rule));
        }
        if (bits > 1) {
            grids.add(new Grid(new ElementType.Code(bits, true), Grid.Rule.ABSMAX));
        }
        KernelModels models = new KernelModels(bits);
        ValueId x = models.input("x", 2, 66);
        for (Grid grid : grids) {
            for (boolean perRow : List.of(false, true)) {
                KernelModels.Codes codes = models.dynamic(x, grid, perRow);
                ValueId product = models.add(new Operation.Dense(codes.value(), codes.zero(),
                        models.weights(Weights.TERNARY, 3, 66)));
                models.output(grid + (perRow ? " per row" : ""), models.rescale(product, codes, 3));
            }
        }
        SameResults.check(models.build(), bits);
    }

    @ParameterizedTest
    @EnumSource(Weights.class)
    void groupsAndDepthwise(Weights weights) {
        for (int groups : List.of(2, 6)) {
            KernelModels models = new KernelModels(6);
            ValueId x = models.input("x", 4, 4, 6);
            Geometry geometry = new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
            ValueId h = conv(models, x, Activations.MINMAX3, weights, geometry, groups, Padding.ZERO, 6);
            models.output("y",
                    conv(models, h, Activations.FLOAT, weights, Geometry.valid(2, 2, 2), groups, Padding.ZERO, 12));
            SameResults.check(models.build(), 7);
        }
    }

    @Test
    void oneByOneConvolutionNeedsNoPatch() {
        KernelModels models = new KernelModels(8);
        ValueId x = models.input("x", 3, 5, 67);
        models.output("y", conv(models, x, Activations.SIGN, Weights.TERNARY, Geometry.valid(1, 1, 1), 1, Padding.ZERO,
                64));
        SameResults.check(models.build(), 9);
    }

    static ValueId conv(KernelModels models, ValueId x, Activations activations, Weights weights, Geometry geometry,
            int groups, Padding padding, int channels) {
        KernelModels.Codes codes = models.quantize(x, activations);
        ValueId w = models.weights(weights, channels, geometry.kernelHeight(), geometry.kernelWidth(),
                models.builder.type(x).shape().channels() / groups);
        ValueId product = models.add(new Operation.Conv(codes.value(), codes.zero(), w, geometry, groups, padding));
        return models.rescale(product, codes, channels);
    }
}
