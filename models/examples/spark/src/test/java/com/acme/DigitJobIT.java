package com.acme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The job on two threads of this machine, over a table that Spark wrote, beside a plain loop. */
class DigitJobIT {
    private static final int CORES = 2;
    private static final int PARTITIONS = 8;
    private static final int ROWS = Integer.getInteger("rows");
    private static final int SOME = Math.min(ROWS, 200_000);
    private static final long NANOS = Integer.getInteger("seconds") * 1_000_000_000L;
    private static final StructType PICTURES = new StructType(new StructField[]{
        new StructField("id", DataTypes.LongType, false, Metadata.empty()),
        new StructField("image", DataTypes.BinaryType, false, Metadata.empty())});

    private static SparkSession spark;
    private static Dataset<Row> pictures;
    private static Dataset<Row> some;
    private static float[][] plain;

    @BeforeAll
    static void writeTable() {
        spark = SparkSession.builder().master("local[" + CORES + "]").appName("digits").config("spark.ui.enabled",
                false)
                .config("spark.sql.shuffle.partitions", CORES).config("spark.log.level", "WARN").getOrCreate();
        pictures = table(ROWS);
        some = table(SOME);
    }

    private static Dataset<Row> table(int rows) {
        String table = Path.of(System.getProperty("folder")).resolve(rows + ".parquet").toString();
        if (!Files.exists(Path.of(table, "_SUCCESS"))) {
            spark.range(0, rows, 1, PARTITIONS).map((MapFunction<Long, Row>) id -> RowFactory.create(id,
                    Pictures.picture(id)), Encoders.row(PICTURES)).write().mode("overwrite").parquet(table);
        }
        return spark.read().parquet(table);
    }

    /** What a program without Spark gives. */
    @BeforeAll
    static void runPlain() {
        plain = new float[ROWS][];
        IntStream.range(0, CORES).parallel().forEach(thread -> {
            Digits digits = new Digits();
            for (int id = thread; id < ROWS; id += CORES) {
                plain[id] = digits.run(Pictures.picture(id)).values();
            }
        });
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void theModelIsInTheJar() throws IOException {
        for (String file : List.of("Digits.class", "DigitsSession.class", "DigitsSession.weights")) {
            URL found = Digits.class.getResource(file);
            assertEquals("jar", found.getProtocol(), found::toString);
        }
    }

    @Test
    void everyRowHasThePlainLoopsBits() {
        boolean[] seen = new boolean[ROWS];
        for (Iterator<Row> rows = DigitJob.scored(pictures).toLocalIterator(); rows.hasNext();) {
            Row row = rows.next();
            int id = Math.toIntExact(row.getLong(0));
            seen[id] = true;
            List<Float> found = row.getList(2);
            for (int i = 0; i < Digits.SCORES_ELEMENTS; i++) {
                assertEquals(Float.floatToRawIntBits(plain[id][i]), Float.floatToRawIntBits(found.get(i)),
                        "row " + id);
            }
            assertEquals(name(id), row.getString(1));
        }
        boolean[] all = new boolean[ROWS];
        Arrays.fill(all, true);
        assertArrayEquals(all, seen);
    }

    @Test
    void theFunctionOfAColumnCountsTheSame() {
        DigitJob.register(spark);
        some.createOrReplaceTempView("pictures");
        Map<String, Long> counts = IntStream.range(0, SOME).boxed()
                .collect(Collectors.groupingBy(DigitJobIT::name, TreeMap::new, Collectors.counting()));
        Map<String, Long> found = new TreeMap<>();
        spark.sql("select digit(image) as digit, count(*) as n from pictures group by digit").collectAsList()
                .forEach(row -> found.put(row.getString(0), row.getLong(1)));
        assertEquals(counts, found);
        assertEquals(Digits.SCORES_ELEMENTS, found.size(), "pictures of every digit");
    }

    /** The digit of the first greatest score. */
    private static String name(int id) {
        int best = 0;
        for (int i = 1; i < plain[id].length; i++) {
            best = plain[id][i] > plain[id][best] ? i : best;
        }
        return Digits.SCORES_LABELS.get(best);
    }

    /**
     * Asserts nothing, since this machine may be busy: shows what the job gives beside a loop, in rows a second, and in
     * time of a processor for each row, which other programs on the machine disturb less.
     */
    @Test
    void showsTheThroughput() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            Pace loop = plainLoop();
            Pace job = job();
            lines.add(String.format(Locale.ROOT,
                    "%s: a loop on one thread %,.0f rows/s, Spark on %d threads %,.0f rows/s,"
                            + " %.2f x %d x the loop's; %.1f and %.1f us of a processor a row, %.2f", round == 0
                                    ? "warming up"
                                    : "round " + round,
                    loop.rowsPerSecond(), CORES, job.rowsPerSecond(), job.rowsPerSecond() / loop.rowsPerSecond()
                            / CORES,
                    CORES, loop.processorMicros(), job.processorMicros(),
                    loop.processorMicros() / job.processorMicros()));
            System.out.println(lines.get(round));
        }
        lines.add("Java " + System.getProperty("java.version") + ", " + Digits.signature().variant());
        Files.write(Path.of(System.getProperty("folder")).resolveSibling("throughput.txt"), lines);
    }

    /** How fast rows go by. @param processorMicros time of all processors together that each takes */
    private record Pace(double rowsPerSecond, double processorMicros) {
        static Pace of(LongSupplier rows) {
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long start = System.nanoTime();
            long busy = system.getProcessCpuTime();
            long done = rows.getAsLong();
            return new Pace(done * 1e9 / (System.nanoTime() - start), (system.getProcessCpuTime() - busy) * 1e-3
                    / done);
        }
    }

    /** One thread that has all pictures in memory. */
    private static Pace plainLoop() {
        byte[][] images = new byte[4096][];
        Arrays.setAll(images, Pictures::picture);
        Digits digits = new Digits();
        return Pace.of(() -> {
            int named = 0;
            long done = 0;
            for (long start = System.nanoTime(); System.nanoTime() - start < NANOS; done += images.length) {
                for (byte[] image : images) {
                    named += digits.run(image).label().isEmpty() ? 0 : 1;
                }
            }
            assertEquals(done, named);
            return done;
        });
    }

    /** From Parquet to results that are thrown away. */
    private static Pace job() {
        return Pace.of(() -> {
            DigitJob.scored(some).write().format("noop").mode("overwrite").save();
            return SOME;
        });
    }
}
