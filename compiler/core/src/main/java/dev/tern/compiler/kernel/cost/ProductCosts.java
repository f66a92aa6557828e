package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.FilterShape;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.cost.ProductShape.WeightSet;
import dev.tern.runtime.layout.PackedCodes;
import java.util.Optional;

/** Reads from products what their cost depends on. */
public final class ProductCosts {
    private ProductCosts() {
    }

    /** The shape of a kernel's product; empty for a kernel without one. */
    public static Optional<ProductShape> shape(KernelProgram program, Kernel kernel) {
        if (!(kernel instanceof Kernel.PixelKernel pixel)) {
            return Optional.empty();
        }
        return switch (pixel.producer()) {
            case Producer.PackedProduct p -> Optional.of(shape(p.shape(), ValueKind.of(p.activation()),
                    switch (p.form()) {
                        case BINARY -> WeightSet.BINARY;
                        case TERNARY -> WeightSet.TERNARY;
                        case INTEGER -> WeightSet.INTEGER;
                    }, p instanceof Producer.PopcountProduct product && product.form() == WeightForm.INTEGER
                            ? product.bits().layout().planes()
                            : 2));
            case Producer.MultiplyProduct p -> Optional.of(shape(p.shape(), p.elements(), program.constant(p
                    .weights())));
            case Producer.TileProduct p -> Optional.of(shape(p.shape(), p.elements(), program.constant(p.weights())));
            case Producer.Load _,Producer.LoadConstant _,Producer.Pool _ -> Optional.empty();
        };
    }

    private static ProductShape shape(FilterShape filter, ValueKind activations, ConstantArray weights) {
        return shape(filter, activations, weights(weights), bits(weights));
    }

    /** @param activations codes or f32 */
    private static ProductShape shape(FilterShape filter, ValueKind activations, WeightSet weights, int weightBits) {
        Window window = filter.window();
        return new ProductShape(window.outputHeight(), window.outputWidth(),
                window.inputHeight() * window.inputWidth(), filter.taps(), filter.inputChannels(), filter.channels(),
                filter.groups(), !window.direct(), activations.coded() ? activations.code().bits() : 0,
                activations.coded() && activations.code().bipolar(), weights, weightBits);
    }

    private static int bits(ConstantArray constant) {
        return constant instanceof ConstantArray.Bytes bytes
                ? Math.max(2, PackedCodes.of(bytes.values()).width())
                : Float.SIZE;
    }

    private static WeightSet weights(ConstantArray constant) {
        return switch (constant) {
            case ConstantArray.Bytes bytes -> kind(bytes.values());
            case ConstantArray.Floats floats -> WeightSet.FLOATING;
            case ConstantArray.Ints ints -> WeightSet.INTEGER;
            case ConstantArray.Longs longs -> WeightSet.INTEGER;
        };
    }

    private static WeightSet kind(byte[] codes) {
        WeightSet kind = WeightSet.BINARY;
        for (byte code : codes) {
            if (code < -1 || code > 1) {
                return WeightSet.INTEGER;
            }
            kind = code == 0 ? WeightSet.TERNARY : kind;
        }
        return kind;
    }
}
