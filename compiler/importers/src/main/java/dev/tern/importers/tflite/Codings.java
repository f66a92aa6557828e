package dev.tern.importers.tflite;

import dev.tern.importers.network.CodeGrid;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNetworkBuilder;
import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignValue.Coding;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.WeightCodes;
import java.util.List;
import java.util.Optional;

/** A quantized tensor is carried as the reals that it stands for, with its coding beside it. */
final class Codings {
    private Codings() {
    }

    /** The coding of a quantized tensor. */
    static Coding.Fixed coding(TfliteTensor tensor) {
        TfliteQuantization quantization = tensor.quantization();
        if (!quantization.present()) {
            throw new ImportProblemException("the tensor `" + tensor.name() + "` holds integers without a scale");
        }
        return new Coding.Fixed(quantization.scales(), quantization.zeros(), quantization.axis());
    }

    /** Whether a tensor holds codes of eight bits that share a scale. */
    static boolean eightBits(TfliteTensor tensor) {
        int type = tensor.type();
        return (type == TfliteType.INT8.ordinal() || type == TfliteType.UINT8.ordinal())
                && tensor.quantization().scales().length == 1;
    }

    /** Whether a tensor holds codes of 16 bits that share a scale. */
    static boolean sixteenBits(TfliteTensor tensor) {
        return tensor.type() == TfliteType.INT16.ordinal() && tensor.quantization().scales().length == 1;
    }

    /** Whether a tensor holds codes that are computed on. */
    static boolean coded(TfliteTensor tensor) {
        return eightBits(tensor) || sixteenBits(tensor);
    }

    /** The codes of a tensor. */
    static CodeGrid grid(TfliteTensor tensor) {
        if (!coded(tensor)) {
            throw new ImportProblemException("the tensor `" + tensor.name()
                    + "` is no quantized one of 8 or 16 bits");
        }
        return new CodeGrid(TensorData.kind(tensor), tensor.quantization().scale(), tensor.quantization().zero());
    }

    /** Codes that the model gets as its input, or the reals that stand for them. */
    static ForeignValue ofInput(ForeignNetworkBuilder network, ForeignValue input, TfliteTensor tensor) {
        Coding.Fixed coding = coding(tensor);
        ElementKind kind = TensorData.kind(tensor);
        ForeignValue reals = network.add(new NetworkOp.Quantize(coding.scales(), coding.zeros(), coding.axis(),
                kind.lowest(), kind.highest(), NetworkOp.Quantize.Rounding.HALF_EVEN),
                new ForeignOrigin(tensor.name(), "input"), input);
        return network.coded(reals, kind, Optional.of(coding));
    }

    /** The reals of a value, without their coding. */
    static ForeignValue reals(ForeignNetworkBuilder network, ForeignValue value) {
        return value.coding().isPresent() ? network.coded(value, ElementKind.F32, Optional.empty()) : value;
    }

    /** The bits of two's complement that all codes fit into. */
    private static int needed(long[] codes) {
        int bits = 1;
        for (long code : codes) {
            bits = Math.max(bits, Long.SIZE + 1 - Long.numberOfLeadingZeros(code < 0 ? ~code : code));
        }
        return bits;
    }

    /** A constant as what it stands for: integers with a scale as codes, others as they are. */
    static Constant reals(TfliteTensor tensor, Constant stored) {
        TfliteQuantization quantization = tensor.quantization();
        if (!quantization.present() || stored.kind().floating() || !(stored instanceof Constant.Integers integers)) {
            return stored;
        }
        int scales = quantization.scales().length;
        int axis = scales == 1 ? 0 : Extents.axis(quantization.axis(), stored.shape().size());
        int inner = scales == 1 ? 1 : Extents.strides(stored.shape())[axis];
        long[] codes = integers.values().clone();
        boolean symmetric = true;
        for (int i = 0; i < codes.length; i++) {
            long zero = quantization.zeros()[i / inner % scales];
            symmetric &= zero == 0;
            codes[i] -= zero;
        }
        // Codes less their zero points may need a bit more than they are stored in.
        int bits = symmetric && integers.kind().lowest() < 0 ? integers.kind().bits() : needed(codes);
        return WeightCodes.coded(stored.shape(), codes, Math.max(2, bits), false, quantization.scales(), axis);
    }
}
