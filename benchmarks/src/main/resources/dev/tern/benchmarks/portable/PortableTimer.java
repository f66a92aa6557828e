import dev.tern.runtime.Session;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Times a model class in a JVM that JMH's classes here are too new for. Prints the median time of an inference in
 * nanoseconds, the bytes that one allocates, and a hash of the result.
 */
public final class PortableTimer {
    private static final int CALLS = 10;

    private PortableTimer() {
    }

    /** Class, file of the input, size of the output, milliseconds to warm up, iterations, milliseconds of each. */
    public static void main(String[] arguments) throws Exception {
        Session session = (Session) Class.forName(arguments[0]).getConstructor().newInstance();
        float[] input = read(Path.of(arguments[1]));
        float[] output = new float[Integer.parseInt(arguments[2])];
        for (int i = 0; i < 10; i++) {
            nanos(session, input, output, Long.parseLong(arguments[3]) / 10);
        }
        double[] nanos = new double[Integer.parseInt(arguments[4])];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = nanos(session, input, output, Long.parseLong(arguments[5]));
        }
        Arrays.sort(nanos);
        System.out.println(nanos[nanos.length / 2] + " " + allocated(session, input, output) + " "
            + Arrays.hashCode(output));
    }

    private static float[] read(Path file) throws IOException {
        float[] values = new float[(int) (Files.size(file) / Float.BYTES)];
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            for (int i = 0; i < values.length; i++) {
                values[i] = in.readFloat();
            }
        }
        return values;
    }

    /** The clock is read so seldom that it does not count, and often enough to end in time. */
    private static double nanos(Session session, float[] input, float[] output, long millis) {
        long start = System.nanoTime();
        long now = start;
        long calls = 0;
        while (now - start < millis * 1_000_000) {
            for (int i = 0; i < CALLS; i++) {
                session.run(input, output);
            }
            calls += CALLS;
            now = System.nanoTime();
        }
        return (double) (now - start) / calls;
    }

    private static double allocated(Session session, float[] input, float[] output) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        threads.getThreadAllocatedBytes(thread);
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 1000; i++) {
            session.run(input, output);
        }
        // The counter itself allocates a little on older JVMs; so little that it is no object per inference.
        return Math.floor((threads.getThreadAllocatedBytes(thread) - before) / 1000.0);
    }
}
