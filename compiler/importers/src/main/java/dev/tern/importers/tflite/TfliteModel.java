package dev.tern.importers.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of TFLite's schema that importing needs: the first subgraph, its tensors, operators and buffers.
 *
 * @param version of the schema, 3 for all models of today
 * @param tool what wrote the file, as far as it says
 * @param subgraphs how many there are
 */
record TfliteModel(long version, String tool, int subgraphs, List<TfliteTensor> tensors, int[] inputs, int[] outputs,
        List<TfliteOperator> operators, List<ByteBuffer> buffers, Map<Integer, String> inputNames,
        Map<Integer, String> outputNames) {
    private static final int IDENTIFIER_AT = 4;
    private static final byte[] IDENTIFIER = {'T', 'F', 'L', '3'};
    private static final int CUSTOM = 32;
    /** Entries of vectors that a small file may repeat. */
    private static final int MOST_ENTRIES = 1 << 20;
    /** Bytes of all names together. */
    private static final int MOST_NAMES = 1 << 24;

    /** Whether the bytes begin as such a model does. */
    static boolean marked(byte[] file) {
        return file.length >= IDENTIFIER_AT + IDENTIFIER.length
                && Arrays.equals(file, IDENTIFIER_AT, IDENTIFIER_AT + IDENTIFIER.length, IDENTIFIER, 0,
                        IDENTIFIER.length);
    }

    /**
     * @throws IndexOutOfBoundsException if the file is damaged
     * @throws ArithmeticException if it is damaged, too
     */
    static TfliteModel parse(byte[] file) {
        return new Parser(file).parse();
    }

    /** Reads the tables. */
    private static final class Parser {
        private final ByteBuffer file;
        private int entries;
        private int names;

        Parser(byte[] file) {
            this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        }

        TfliteModel parse() {
            FlatTable model = FlatTable.root(file);
            List<String> operatorNames = new ArrayList<>();
            List<Boolean> custom = new ArrayList<>();
            for (FlatTable code : model.tables(1)) {
                int number = Math.max(code.i8(0, 0), code.i32(3, 0));
                custom.add(number == CUSTOM);
                operatorNames.add(number == CUSTOM ? text(code, 1) : BuiltinNames.of(number));
            }
            List<FlatTable> graphs = model.tables(2);
            FlatTable graph = graphs.get(0);
            List<TfliteTensor> tensors = new ArrayList<>();
            for (FlatTable tensor : graph.tables(0)) {
                tensors.add(tensor(tensor));
            }
            List<TfliteOperator> operators = new ArrayList<>();
            for (FlatTable operator : graph.tables(3)) {
                int code = operator.i32(0, 0);
                operators.add(new TfliteOperator(operatorNames.get(code), custom.get(code), counted(operator.ints(1)),
                        counted(operator.ints(2)), operator.table(4), operator.bytes(5)));
            }
            List<ByteBuffer> buffers = new ArrayList<>();
            for (FlatTable buffer : model.tables(4)) {
                buffers.add(buffer(buffer));
            }
            Map<Integer, String> inputs = new TreeMap<>();
            Map<Integer, String> outputs = new TreeMap<>();
            for (FlatTable signature : model.tables(7)) {
                if (signature.i32(4, 0) == 0) {
                    named(signature.tables(0), inputs);
                    named(signature.tables(1), outputs);
                }
            }
            return new TfliteModel(model.i32(0, 0), text(model, 3), graphs.size(), tensors, graph.ints(1),
                    graph.ints(2), operators, buffers, inputs, outputs);
        }

        private void named(List<FlatTable> tensors, Map<Integer, String> names) {
            tensors.forEach(tensor -> names.putIfAbsent(tensor.i32(1, 0), text(tensor, 0)));
        }

        private String text(FlatTable table, int field) {
            names += table.bytes(field).remaining();
            if (names > MOST_NAMES) {
                throw new IndexOutOfBoundsException("names of more than " + MOST_NAMES + " bytes");
            }
            return table.text(field);
        }

        private int[] counted(int[] values) {
            entries += values.length;
            if (entries > MOST_ENTRIES) {
                throw new IndexOutOfBoundsException("more than " + MOST_ENTRIES + " edges");
            }
            return values;
        }

        private TfliteTensor tensor(FlatTable tensor) {
            TfliteQuantization quantization = tensor.table(4).map(this::quantization).orElse(TfliteQuantization.NONE);
            return new TfliteTensor(text(tensor, 3), tensor.i8(1, 0), list(counted(tensor.ints(0))),
                    list(counted(tensor.ints(7))), tensor.i32(2, 0), quantization, tensor.truth(5),
                    tensor.table(6).isPresent());
        }

        private TfliteQuantization quantization(FlatTable table) {
            float[] scales = table.floats(2);
            long[] zeros = table.longs(3);
            entries += scales.length;
            if (entries > MOST_ENTRIES) {
                throw new IndexOutOfBoundsException("more than " + MOST_ENTRIES + " scales");
            }
            if (scales.length == 0) {
                return TfliteQuantization.NONE;
            }
            if (zeros.length != scales.length) {
                long zero = zeros.length == 1 ? zeros[0] : 0;
                zeros = new long[scales.length];
                Arrays.fill(zeros, zero);
            }
            return new TfliteQuantization(scales, zeros, table.i32(6, 0));
        }

        /** Elements inside the table, or elsewhere in the file. */
        private ByteBuffer buffer(FlatTable buffer) {
            long offset = buffer.i64(1, 0);
            long size = buffer.i64(2, 0);
            if (offset <= 1) {
                return buffer.bytes(0);
            }
            if (size < 0 || offset > file.limit() - size) {
                throw new IndexOutOfBoundsException("a buffer of " + size + " bytes at " + offset);
            }
            return file.slice((int) offset, (int) size).order(ByteOrder.LITTLE_ENDIAN);
        }

        private static List<Integer> list(int[] values) {
            return Arrays.stream(values).boxed().toList();
        }
    }
}
