package dev.tern.benchmarks.peers;

import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.job.Activations;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Shape;
import dev.tern.benchmarks.job.Weights;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.util.VectorUtil;

/**
 * Libraries of vector search: one query by all rows of a 1-bit matrix, one call a row. They get the query quantized and
 * packed, and leave the sums as integers: less than the whole job.
 */
public record RowsContender(Form form) implements Contender {
    // Both tell their log which implementation they have chosen; the report says it.
    private static final List<Logger> LOGS = List.of(Logger.getLogger("org.apache.lucene"),
            Logger.getLogger("io.github.jbellis.jvector"));
    private static final String REST = ", one call a row; the query is packed already, the sums stay integers";

    static {
        LOGS.forEach(log -> log.setLevel(Level.WARNING));
    }

    /** Which product. */
    public enum Form {
        /** 4 bits by 1 bit. */
        LUCENE_INT4("lucene-int4bit"),
        /** 1 bit by 1 bit over bytes. */
        LUCENE_XOR("lucene-xorbitcount"),
        /** 1 bit by 1 bit over longs. */
        JVECTOR_HAMMING("jvector-hamming");

        private final String id;

        Form(String id) {
            this.id = id;
        }
    }

    @Override
    public String name() {
        return form.id;
    }

    @Override
    public String description() {
        return switch (form) {
            case LUCENE_INT4 -> lucene() + "`VectorUtil.int4BitDotProduct`" + REST;
            case LUCENE_XOR -> lucene() + "`VectorUtil.xorBitCount`" + REST;
            case JVECTOR_HAMMING -> "JVector " + version(VectorizationProvider.class) + " with its "
                    + VectorizationProvider.getInstance().getClass().getSimpleName()
                    + ", `VectorUtil.hammingDistance`" + REST;
        };
    }

    private static String lucene() {
        return "Lucene " + version(VectorUtil.class) + " with its " + luceneProvider() + ", ";
    }

    private static String version(Class<?> type) {
        String file = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        return file.replaceAll(".*-([0-9][^/]*)\\.jar$", "$1");
    }

    /** Which of its implementations Lucene has chosen; it tells only its log. */
    static String luceneProvider() {
        try {
            var field = VectorUtil.class.getDeclaredField("IMPL");
            field.setAccessible(true);
            return field.get(null).getClass().getSimpleName();
        } catch (ReflectiveOperationException e) {
            return "unknown implementation";
        }
    }

    @Override
    public boolean takes(Job job) {
        Activations wanted = form == Form.LUCENE_INT4 ? new Activations.Dynamic(4) : new Activations.Sign();
        return job.group().equals("dense") && job.shape().kind() == Shape.Kind.DENSE && job.shape().height() == 1
                && job.shape().channels() % Long.SIZE == 0 && job.weights() == Weights.BINARY && !job.signs()
                && job.activations().equals(wanted);
    }

    @Override
    public Agreement agreement() {
        return Agreement.CORRELATED;
    }

    @Override
    public boolean compiledByJvm() {
        return true;
    }

    @Override
    public Call prepare(Job job, JobParameters parameters, Path workspace) {
        int k = job.shape().channels();
        int n = job.shape().outputs();
        float[] input = parameters.input();
        byte[][] rows = new byte[n][];
        for (int row = 0; row < n; row++) {
            int start = row * k;
            rows[row] = PackedBits.bytes(k, i -> parameters.codes()[start + i] > 0 ? 1 : 0);
        }
        return switch (form) {
            case LUCENE_INT4 -> fourBits(parameters, rows, input);
            case LUCENE_XOR -> {
                byte[] query = PackedBits.bytes(k, i -> input[i] >= 0 ? 1 : 0);
                yield new RowsCall(parameters.scales(), new int[n], row -> VectorUtil.xorBitCount(query, rows[row]),
                        bits -> k - 2 * bits);
            }
            case JVECTOR_HAMMING -> {
                long[] query = PackedBits.longs(PackedBits.bytes(k, i -> input[i] >= 0 ? 1 : 0));
                long[][] words = new long[n][];
                for (int row = 0; row < n; row++) {
                    words[row] = PackedBits.longs(rows[row]);
                }
                yield new RowsCall(parameters.scales(), new int[n],
                        row -> io.github.jbellis.jvector.vector.VectorUtil.hammingDistance(query, words[row]),
                        bits -> k - 2 * bits);
            }
        };
    }

    /** Codes of 0..15 in four planes, one behind the other, the lowest first. */
    private static Call fourBits(JobParameters parameters, byte[][] rows, float[] input) {
        int k = input.length;
        float greatest = 0;
        for (float x : input) {
            greatest = Math.max(greatest, Math.abs(x));
        }
        int[] codes = new int[k];
        int total = 0;
        for (int i = 0; i < k; i++) {
            codes[i] = (int) Math.rint(input[i] / greatest * 7) + 8;
            total += codes[i];
        }
        byte[] query = new byte[k / 2];
        for (int plane = 0; plane < 4; plane++) {
            int bit = plane;
            byte[] packed = PackedBits.bytes(k, i -> codes[i] >> bit & 1);
            System.arraycopy(packed, 0, query, plane * packed.length, packed.length);
        }
        // Codes have 8 added; weights are 0 and 1 for -1 and +1: sum(a w) = 2 sum((a + 8) bit) - 16 bits - sum(a).
        int[] ones = new int[rows.length];
        for (int row = 0; row < rows.length; row++) {
            ones[row] = VectorUtil.xorBitCount(rows[row], new byte[rows[row].length]);
        }
        int signed = total - 8 * k;
        int[] sums = new int[rows.length];
        RowsCall call = new RowsCall(parameters.scales(), sums,
                row -> (int) VectorUtil.int4BitDotProduct(query, rows[row]), dot -> dot);
        return new Call() {
            @Override
            public void run() {
                call.run();
            }

            @Override
            public float[] result() {
                float[] result = new float[sums.length];
                for (int row = 0; row < result.length; row++) {
                    result[row] = (2 * sums[row] - 16 * ones[row] - signed) * parameters.scales()[row];
                }
                return result;
            }
        };
    }

    /** All rows by one query. */
    private record RowsCall(float[] scales, int[] sums, IntUnaryOperator product, IntUnaryOperator signed)
            implements
                Call {
        @Override
        public void run() {
            for (int row = 0; row < sums.length; row++) {
                sums[row] = product.applyAsInt(row);
            }
        }

        @Override
        public float[] result() {
            float[] result = new float[sums.length];
            for (int row = 0; row < result.length; row++) {
                result[row] = signed.applyAsInt(sums[row]) * scales[row];
            }
            return result;
        }
    }
}
