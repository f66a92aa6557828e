package dev.tern.compiler.graph;

import static dev.tern.compiler.graph.TypeInference.require;

import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.ElementType.StepIndex;

/** Typing rules of windows that slide over [height, width, channels], and of inputs. */
final class WindowTypes {
    private WindowTypes() {
    }

    static TensorType input(TensorType type) {
        require(!(type.element() instanceof Accumulator), "an input of type " + type);
        require(!(type.element() instanceof StepIndex step) || step.count() >= 1,
                "an input of type " + type);
        return type;
    }

    static TensorType pool(String name, Geometry geometry, TensorType x) {
        require(!(x.element() instanceof StepIndex) && x.shape().rank() == 3, name + " of " + x);
        Shape result = output(geometry, x.shape(), x.shape().channels());
        for (int row = 0; row < result.dimension(0); row++) {
            require(touches(row * geometry.strideHeight() - geometry.padTop(), geometry.kernelHeight(),
                    geometry.dilationHeight(), x.shape().dimension(0)),
                    name + " of " + x + " has a window all in the padding: " + geometry);
        }
        for (int column = 0; column < result.dimension(1); column++) {
            require(touches(column * geometry.strideWidth() - geometry.padLeft(), geometry.kernelWidth(),
                    geometry.dilationWidth(), x.shape().dimension(1)),
                    name + " of " + x + " has a window all in the padding: " + geometry);
        }
        return new TensorType(x.element(), result);
    }

    static TensorType sumPool(Geometry geometry, TensorType x) {
        require(x.element() instanceof Accumulator || x.element() instanceof ElementType.Code, "sums of " + x);
        TensorType pooled = pool("sum_pool", geometry, x);
        require(!geometry.padded(), "sum_pool of " + x + " has windows that are not whole: " + geometry);
        return new TensorType(Interval.of(x.element()).times(geometry.taps()).accumulator(), pooled.shape());
    }

    /** Whether one of the taps start, start + dilation, ... lies in 0..size-1. */
    private static boolean touches(int start, int taps, int dilation, int size) {
        for (int tap = 0; tap < taps; tap++) {
            int at = start + tap * dilation;
            if (at >= 0 && at < size) {
                return true;
            }
        }
        return false;
    }

    static Shape output(Geometry g, Shape input, int channels) {
        require(g.kernelHeight() >= 1 && g.kernelWidth() >= 1 && g.strideHeight() >= 1 && g.strideWidth() >= 1
                && g.dilationHeight() >= 1 && g.dilationWidth() >= 1, "not a window: " + g);
        require(g.padTop() >= 0 && g.padLeft() >= 0 && g.padBottom() >= 0 && g.padRight() >= 0,
                "negative padding: " + g);
        int height = g.outputHeight(input.dimension(0));
        int width = g.outputWidth(input.dimension(1));
        require(height >= 1 && width >= 1, "the window does not fit into " + input + ": " + g);
        return Shape.of(height, width, channels);
    }
}
