package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.kernel.ConstantArray;
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
            case Producer.PackedProduct p -> Optional.of(shape(p.window(), p.inputChannels(), p.channels(), 1,
                    ValueKind.of(p.activation()), switch (p.form()) {
                        case BINARY -> WeightSet.BINARY;
                        case TERNARY -> WeightSet.TERNARY;
                        case INTEGER -> WeightSet.INTEGER;
                    }, p instanceof Producer.PopcountProduct product && product.form() == WeightForm.INTEGER
                            ? product.planes()
                            : 2));
            case Producer.MultiplyProduct p -> Optional.of(shape(p.window(), p.inputChannels(), p.channels(),
                    p.groups(), p.elements(), weights(program.constant(p.weights())), bits(program.constant(p
                            .weights()))));
            case Producer.TileProduct p -> Optional.of(shape(p.window(), p.inputChannels(), p.channels(), p.groups(),
                    p.elements(), weights(program.constant(p.weights())), bits(program.constant(p.weights()))));
            case Producer.Load _,Producer.LoadConstant _,Producer.Pool _ -> Optional.empty();
        };
    }

    /** @param activations codes or f32 */
    public static ProductShape shape(Window window, int inputChannels, int channels, int groups, ValueKind activations,
            WeightSet weights, int weightBits) {
        return new ProductShape(window.outputHeight(), window.outputWidth(),
                window.inputHeight() * window.inputWidth(), window.geometry().taps(), inputChannels, channels, groups,
                !window.direct(), activations.coded() ? activations.code().bits() : 0,
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
