package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.CostModel;
import dev.tern.compiler.kernel.schedule.ProductShape;
import dev.tern.compiler.kernel.schedule.ProductShape.Weights;
import java.util.List;

/** What the cost model says of the products of a finished program: what was chosen, and what else there was. */
public final class ProductCosts {
    private ProductCosts() {
    }

    /** The ways in which a kernel's product could be computed, the cheapest first; none for a kernel without one. */
    public static List<CostModel.Candidate> of(KernelProgram program, Kernel kernel) {
        if (!(kernel instanceof Kernel.PixelKernel pixel)) {
            return List.of();
        }
        return switch (pixel.producer()) {
            case Producer.PackedProduct p -> CostModel.candidates(shape(p.window(), p.inputChannels(), p.channels(),
                    1, p.activation(), p.form() == Producer.WeightForm.BINARY ? Weights.BINARY : Weights.TERNARY),
                    program.target());
            case Producer.MultiplyProduct p -> CostModel.candidates(shape(p.window(), p.inputChannels(), p.channels(),
                    p.groups(), p.code(), weights(program.constant(p.weights()))), program.target());
            case Producer.Load p -> List.of();
            case Producer.LoadConstant p -> List.of();
            case Producer.Pool p -> List.of();
        };
    }

    /** @param code of the activations, or null for f32 */
    static ProductShape shape(Window window, int inputChannels, int channels, int groups, ElementType.Code code,
            Weights weights) {
        return new ProductShape(window.outputRows(), window.geometry().taps(), inputChannels, channels, groups,
                !window.direct(), code == null ? 0 : code.bits(), code != null && code.bipolar(), weights);
    }

    private static Weights weights(ConstantArray constant) {
        return switch (constant) {
            case ConstantArray.Bytes bytes -> kind(bytes.values());
            case ConstantArray.Floats floats -> Weights.FLOATING;
            case ConstantArray.Ints ints -> Weights.INTEGER;
            case ConstantArray.Longs longs -> Weights.INTEGER;
        };
    }

    private static Weights kind(byte[] codes) {
        Weights kind = Weights.BINARY;
        for (byte code : codes) {
            if (code < -1 || code > 1) {
                return Weights.INTEGER;
            }
            kind = code == 0 ? Weights.TERNARY : kind;
        }
        return kind;
    }
}
