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
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.WeightCodes;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** A quantized tensor is carried as the reals that it stands for, with its coding beside it. */
final class Codings {
    /** From half of it on, f32 numbers up to twice as great are whole. */
    private static final float WHOLE = 0x1.8p23f;

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

    /** The codes of a tensor of eight bits. */
    static CodeGrid grid(TfliteTensor tensor) {
        if (!eightBits(tensor)) {
            throw new ImportProblemException("the tensor `" + tensor.name() + "` is no quantized one of 8 bits");
        }
        return new CodeGrid(TensorData.kind(tensor), tensor.quantization().scale(), tensor.quantization().zero());
    }

    /** Codes that the model gets as its input. */
    static ForeignValue ofInput(ForeignNetworkBuilder network, ForeignValue input, TfliteTensor tensor) {
        Coding.Fixed coding = coding(tensor);
        ForeignValue reals = network.add(new NetworkOp.Quantize(coding.scales(), coding.zeros(), coding.axis(),
                input.kind().lowest(), input.kind().highest(), NetworkOp.Quantize.Rounding.HALF_EVEN),
                new ForeignOrigin(tensor.name(), "input"), input);
        return network.coded(reals, input.kind(), Optional.of(coding));
    }

    /**
     * Reals rounded and held to the codes of 16 bits, which Tern does not have: what is added, and taken off again,
     * leaves no places behind the point.
     */
    static ForeignValue sixteenBits(ForeignValue x, float scale,
            BiFunction<NetworkOp, List<ForeignValue>, ForeignValue> add, ForeignNetworkBuilder network) {
        ForeignValue step = network.scalar(scale);
        ForeignValue whole = network.scalar(WHOLE);
        ForeignValue codes = add.apply(new NetworkOp.Binary(Binary.Function.DIVIDE), List.of(x, step));
        ForeignValue above = add.apply(new NetworkOp.Binary(Binary.Function.ADD), List.of(codes, whole));
        ForeignValue rounded = add.apply(new NetworkOp.Binary(Binary.Function.SUBTRACT), List.of(above, whole));
        ForeignValue held = add.apply(new NetworkOp.Unary(NetworkOp.Unary.Function.CLIP, Short.MIN_VALUE,
                Short.MAX_VALUE), List.of(rounded));
        return add.apply(new NetworkOp.Binary(Binary.Function.MULTIPLY), List.of(held, step));
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
