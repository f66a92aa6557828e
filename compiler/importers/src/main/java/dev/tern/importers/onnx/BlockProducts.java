package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.WeightCodes;
import java.util.List;
import java.util.Optional;

/** ONNX Runtime's MatMulNBits: weights of 2 to 8 bits, with a scale and a zero point for each block of inputs. */
final class BlockProducts {
    private BlockProducts() {
    }

    /**
     * B is [out, blocks, bytes], codes along a block from the lowest bits up; scales are [out, blocks]; zero points lie
     * as the codes do, a row of blocks in whole bytes, or are 2^(bits - 1). One block for all inputs keeps its codes.
     */
    static ForeignValue matMul(OnnxNode node) {
        int inputs = (int) node.integer("K", 0);
        int outputs = (int) node.integer("N", 0);
        int bits = (int) node.integer("bits", 4);
        int size = (int) node.integer("block_size", 0);
        if (inputs < 1 || outputs < 1 || size < 1 || bits != 2 && bits != 4 && bits != 8) {
            throw new ImportProblemException("weights of " + bits + " bits in blocks of " + size
                    + " are not supported");
        }
        if (node.find(4).isPresent()) {
            throw new ImportProblemException("weights whose blocks are permuted (g_idx) are not supported");
        }
        int blocks = (inputs + size - 1) / size;
        int blockBytes = (size * bits + 7) / 8;
        long[] stored = node.in(1).require("the weights").integers();
        float[] scales = node.in(2).require("the scales").floats();
        Optional<Constant> zeros = node.find(3).map(value -> value.require("the zero points"));
        if (stored.length != (long) outputs * blocks * blockBytes || scales.length != outputs * blocks) {
            throw new ImportProblemException("the weights do not have the shape that the operator's attributes say");
        }
        long[] codes = new long[inputs * outputs];
        float[] floats = new float[codes.length];
        for (int out = 0; out < outputs; out++) {
            for (int in = 0; in < inputs; in++) {
                int block = out * blocks + in / size;
                long code = code(stored, (long) block * blockBytes, in % size, bits);
                float zero = zeros.map(z -> zero(z, block / blocks, block % blocks, blocks, bits))
                        .orElse((float) (1 << bits - 1));
                codes[in * outputs + out] = code - (long) zero;
                floats[in * outputs + out] = (code - zero) * scales[block];
            }
        }
        boolean whole = blocks == 1 && zeros.map(z -> !z.kind().floating()).orElse(true);
        Constant weights = whole
                ? WeightCodes.coded(List.of(inputs, outputs), codes,
                        WeightCodes.fewest(codes, zeros.isEmpty() ? bits : bits + 1), false, scales, 1)
                : new Constant.Floats(List.of(inputs, outputs), floats);
        ForeignValue product = node.add(new NetworkOp.MatMul(), node.in(0), node.constant(weights));
        return node.find(5).map(bias -> node.binary(Binary.Function.ADD, product, bias)).orElse(product);
    }

    private static long code(long[] bytes, long start, int index, int bits) {
        int bit = index * bits;
        return bytes[(int) (start + bit / 8)] >> bit % 8 & (1 << bits) - 1;
    }

    /** Zero points may be numbers of the activations' type, one for each block. */
    private static float zero(Constant zeros, int out, int block, int blocks, int bits) {
        if (zeros.kind().floating()) {
            return zeros.floats()[out * blocks + block];
        }
        return code(zeros.integers(), (long) out * ((blocks * bits + 7) / 8), block, bits);
    }
}
