package dev.tern.benchmarks.report;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Shape;
import dev.tern.benchmarks.measure.Measurement;
import dev.tern.benchmarks.measure.VectorWidth;
import dev.tern.benchmarks.onnx.OnnxContender.Form;
import dev.tern.benchmarks.portable.PortableContender;
import dev.tern.benchmarks.report.Goal.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;

/** What is to be reached, computed from a run. */
final class Goals {
    private static final Shape SQUARE = Shape.dense(1, 1024, 1024);
    private static final Shape LARGE = Shape.dense(1, 2560, 2560);
    private static final Shape CONV = Shape.conv(3, 64, 64, 32, 32);
    private static final double PACKING_SHARE = 0.15;

    private final Results results;
    private final List<Goal> goals = new ArrayList<>();

    private Goals(Results results) {
        this.results = results;
    }

    /** All goals, which are others where the processor's widest vectors are not used. */
    static List<Goal> of(Results results, VectorWidth width) {
        return width == VectorWidth.WIDEST ? wide(results) : narrow(results);
    }

    private static List<Goal> narrow(Results results) {
        Goals goals = new Goals(results);
        goals.nearNative("1-bit x 1-bit, dense of 1024 inputs and more, convolution of 128 channels and more",
                "binary x sign", job -> common(job) && job.shape().depth() >= (job.shape().kind() == Shape.Kind.DENSE
                        ? 1024
                        : 128), 0.65, 0.5);
        goals.nearNative("ternary x 1-bit, dense and convolution", "ternary x sign", Goals::common, 0.65, 0);
        goals.overOnnx(SQUARE, "binary x sign", Form.DYNAMIC_INT8, 6);
        for (Shape shape : List.of(SQUARE, LARGE)) {
            goals.overOnnx(shape, "ternary x dynamic8", Form.DYNAMIC_INT8, 1.3);
            goals.overOnnx(shape, "ternary x dynamic4", Form.DYNAMIC_INT8, 2);
        }
        goals.overConvolutions("ternary x dynamic8", 0.75, 0);
        goals.overConvolutions("ternary x dynamic4", 1.1, 1);
        results.jobs().stream().filter(job -> job.shape().kind() == Shape.Kind.DEPTHWISE)
                .forEach(job -> goals.overOnnx(job.shape(), job.scheme(), Form.QLINEAR_CONV, 1.5));
        goals.overOnnxEach("int8 x dynamic8, dense and convolution", "int8 x dynamic8", Form.DYNAMIC_INT8,
                Form.QLINEAR_CONV,
                0.5);
        goals.overOnnxEach("f32, dense and convolution", "float x float", Form.F32, Form.F32, 0.75);
        goals.portableNearNative("tern-portable-jdk17");
        goals.portableNearNative("tern-portable-avx2");
        goals.portableNearVectors("tern-portable-jdk17");
        goals.portableNearVectors("tern-portable-avx2");
        goals.withoutAllocation();
        return goals.goals;
    }

    private static List<Goal> wide(Results results) {
        Goals goals = new Goals(results);
        goals.nearNative("1-bit x 1-bit, dense and convolution", "binary x sign", Goals::common, 0.85, 0.7);
        goals.nearNative("ternary x 1-bit, dense and convolution", "ternary x sign", Goals::common, 0.8, 0);
        goals.nearNative("1-bit x 1-bit, odd sizes among them", "binary x sign", Goals::odd, 0, 0);
        goals.nearNative("ternary x 1-bit, odd sizes among them", "ternary x sign", Goals::odd, 0, 0);
        for (Shape shape : List.of(SQUARE, LARGE)) {
            goals.overOnnx(shape, "ternary x dynamic8", Form.DYNAMIC_INT8, 1);
        }
        for (Shape shape : List.of(SQUARE, LARGE)) {
            goals.overOnnx(shape, "ternary x dynamic4", Form.DYNAMIC_INT8, 3);
        }
        goals.overOnnx(SQUARE, "binary x sign", Form.DYNAMIC_INT8, 8);
        goals.overOnnx(SQUARE, "binary x sign", Form.F32, 80);
        goals.overLucene();
        for (Form form : List.of(Form.QLINEAR_CONV, Form.QLINEAR_CONV_ALONE)) {
            goals.overOnnx(CONV, "binary x sign", form, 1.5);
            goals.overOnnx(CONV, "ternary x static4", form, 1);
        }
        goals.portable("tern-portable-jdk17");
        goals.portable("tern-portable-avx2");
        goals.withoutAllocation();
        goals.packing("dynamic8", "ternary x dynamic8");
        goals.packing("dynamic4", "ternary x dynamic4");
        goals.packing("sign", "binary x sign");
        return goals.goals;
    }

    private Optional<Job> job(Shape shape, String scheme) {
        return results.jobs().stream().filter(job -> job.shape().equals(shape) && job.scheme().equals(scheme))
                .findFirst();
    }

    private static boolean common(Job job) {
        return job.group().equals("dense") || job.group().equals("convolution");
    }

    private static boolean odd(Job job) {
        return common(job) || job.group().equals("odd sizes");
    }

    private void nearNative(String what, String scheme, Predicate<Job> inGroup, double mean, double each) {
        String wanted = mean == 0
                ? "-"
                : "%.2f of the native limit in geometric mean".formatted(mean)
                        + (each > 0 ? ", none under %.2f".formatted(each) : "");
        overAll(what, wanted, job -> inGroup.test(job) && job.scheme().startsWith(scheme)
                ? results.ternOver(job, results.nativeNanos(job))
                : OptionalDouble.empty(), mean, each);
    }

    private void overConvolutions(String scheme, double mean, double each) {
        String wanted = "%.2f of %s in geometric mean".formatted(mean, Form.QLINEAR_CONV.id())
                + (each > 0 ? ", none under %.2f".formatted(each) : "");
        overAll(scheme + ", convolution", wanted, job -> job.group().equals("convolution") && job.scheme().equals(
                scheme)
                        ? results.ternOver(job, results.peerNanos(job.shape(), Form.QLINEAR_CONV))
                        : OptionalDouble
                                .empty(), mean, each);
    }

    /** Layers that are no depthwise ones. @param dense the peer for dense layers */
    private void overOnnxEach(String what, String scheme, Form dense, Form conv, double each) {
        String peers = dense == conv ? dense.id() : dense.id() + " and " + conv.id();
        overAll(what, "%s of %s, each".formatted(plain(each), peers), job -> job.scheme().equals(scheme) && job.shape()
                .kind() != Shape.Kind.DEPTHWISE
                        ? results.ternOver(job, results.peerNanos(job.shape(), job.shape()
                                .kind() == Shape.Kind.DENSE ? dense : conv))
                        : OptionalDouble.empty(), each, each);
    }

    private void portableNearNative(String contender) {
        overAll(contender + ", " + SQUARE.name() + ", binary x sign", "0.4 of the native limit", job -> job.shape()
                .equals(
                        SQUARE) && job.scheme().equals("binary x sign")
                                ? share(results.nativeNanos(job), results.nanos(job, contender))
                                : OptionalDouble.empty(), 0.4, 0.4);
    }

    /** Plain loops beside the vector form. */
    private void portableNearVectors(String contender) {
        overAll(contender + ", int8, f32 and depthwise", "0.5 of the vector form, each",
                job -> PortableContender.besideVectors(job)
                        ? share(results.nanos(job, Results.TERN), results.nanos(job, contender))
                        : OptionalDouble.empty(), 0.5, 0.5);
    }

    private static OptionalDouble share(OptionalDouble of, OptionalDouble nanos) {
        return of.isPresent() && nanos.isPresent()
                ? OptionalDouble.of(of.getAsDouble() / nanos.getAsDouble())
                : OptionalDouble.empty();
    }

    private void overAll(String what, String wanted, Function<Job, OptionalDouble> shareOf, double mean, double each) {
        double logarithms = 0;
        double least = Double.MAX_VALUE;
        String leastJob = "";
        int count = 0;
        for (Job job : results.jobs()) {
            OptionalDouble share = shareOf.apply(job);
            if (share.isPresent()) {
                count++;
                logarithms += Math.log(share.getAsDouble());
                leastJob = share.getAsDouble() < least ? job.name() : leastJob;
                least = Math.min(least, share.getAsDouble());
            }
        }
        double reached = Math.exp(logarithms / count);
        String measured = String.format(Locale.ROOT, "%.2f in geometric mean of %d, least %.2f (%s)", reached, count,
                least, leastJob);
        goals.add(count == 0
                ? missing(what, wanted)
                : new Goal(what, wanted, measured, mean == 0
                        ? Verdict.REPORTED
                        : verdict(reached >= mean && least >= each)));
    }

    private void overOnnx(Shape shape, String scheme, Form form, double times) {
        add(shape.name() + ", " + scheme, times, form.id(), job(shape, scheme).map(
                job -> results.ternOver(job, results.peerNanos(shape, form))).orElse(OptionalDouble.empty()));
    }

    private void overLucene() {
        String lucene = "lucene-int4bit";
        add("1-bit x dynamic 4-bit over 1,024 rows of 1,024", 1.2, lucene, job(SQUARE, "binary x dynamic4").map(
                job -> results.ternOver(job, results.nanos(job, lucene))).orElse(OptionalDouble.empty()));
    }

    private void portable(String contender) {
        OptionalDouble nanos = job(SQUARE, "binary x sign").map(job -> results.nanos(job, contender))
                .orElse(OptionalDouble.empty());
        OptionalDouble peer = results.peerNanos(SQUARE, Form.DYNAMIC_INT8);
        add(contender + ", " + SQUARE.name() + ", binary x sign", 2, Form.DYNAMIC_INT8.id(),
                nanos.isPresent() && peer.isPresent()
                        ? OptionalDouble.of(peer.getAsDouble() / nanos.getAsDouble())
                        : OptionalDouble.empty());
    }

    private void withoutAllocation() {
        List<Measurement> allocating = results.measurements().stream()
                .filter(one -> one.contender().equals(Results.TERN) && one.ran() && one.allocatedBytes() > 0).toList();
        boolean any = results.measurements().stream().anyMatch(one -> one.contender().equals(Results.TERN)
                && one.ran());
        String what = "allocation of an inference, all jobs";
        goals.add(any
                ? new Goal(what, "0 bytes", allocating.isEmpty()
                        ? "0 bytes"
                        : allocating.size() + " jobs allocate, first " + allocating.getFirst().job(),
                        verdict(allocating.isEmpty()))
                : missing(what, "0 bytes"));
    }

    private void packing(String activations, String fed) {
        Optional<Job> packing = job(Shape.dense(1, 1024, 8), "binary x " + activations);
        Optional<Job> whole = job(SQUARE, fed);
        OptionalDouble part = packing.map(job -> results.nanos(job, Results.TERN)).orElse(OptionalDouble.empty());
        OptionalDouble all = whole.map(job -> results.nanos(job, Results.TERN)).orElse(OptionalDouble.empty());
        String what = "quantize and pack 1,024 floats, " + activations + ", of " + SQUARE.name() + ", " + fed;
        String wanted = "at most 15%";
        if (part.isEmpty() || all.isEmpty()) {
            goals.add(missing(what, wanted));
            return;
        }
        double share = part.getAsDouble() / all.getAsDouble();
        goals.add(new Goal(what, wanted, String.format(Locale.ROOT, "%.0f%%", 100 * share),
                verdict(share <= PACKING_SHARE)));
    }

    private void add(String what, double times, String peer, OptionalDouble reached) {
        String wanted = String.format(Locale.ROOT, "%s times %s", plain(times), peer);
        goals.add(reached.isEmpty()
                ? missing(what, wanted)
                : new Goal(what, wanted, String.format(Locale.ROOT, "%.2f times", reached.getAsDouble()),
                        verdict(reached.getAsDouble() >= times)));
    }

    private static String plain(double times) {
        return times == Math.rint(times) ? Long.toString((long) times) : Double.toString(times);
    }

    private static Goal missing(String what, String wanted) {
        return new Goal(what, wanted, "", Verdict.NOT_MEASURED);
    }

    private static Verdict verdict(boolean reached) {
        return reached ? Verdict.REACHED : Verdict.NOT_REACHED;
    }
}
