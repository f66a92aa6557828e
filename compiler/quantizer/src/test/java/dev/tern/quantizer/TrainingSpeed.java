package dev.tern.quantizer;

import com.sun.management.OperatingSystemMXBean;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.TrainingSettings.Course;
import dev.tern.quantizer.TrainingSettings.Descent;
import dev.tern.quantizer.TrainingSettings.Variation;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.weightinit.impl.XavierInitScheme;

/**
 * Images in a second of processor time, of all threads, in training, beside a plain float network of the same shape on
 * ND4J's own SameDiff: three layers of 256, and two convolutions, batches of 100, Adam, one thread for both, in turns.
 * Examples are noise: time does not depend on them.
 */
public final class TrainingSpeed {
    private static final int BATCH = 100;
    private static final int IMAGES = 3000;
    private static final int ROUNDS = 4;
    private static final int SIDE = 28;
    private static final int[] WIDTHS = {SIDE * SIDE, 256, 256, 256, 10};
    private static final int[] CHANNELS = {1, 16, 32};
    private static final String DENSE = "x |> flatten |> repeat(3, dense(256) |> relu) |> dense(10)";
    private static final String CONVOLUTIONS = "x |> conv(16, 3x3) |> relu |> maxpool(2x2) |> conv(32, 3x3) |> relu"
            + " |> maxpool(2x2) |> flatten |> dense(10)";

    private TrainingSpeed() {
    }

    /** Prints a line for each network; the first round warms up. */
    public static void main(String[] arguments) {
        System.out.println("three layers of 256");
        compare(DENSE, dense());
        System.out.println("two convolutions of 3x3");
        compare(CONVOLUTIONS, convolutions());
    }

    private static void compare(String layers, SameDiff plain) {
        Graph ternary = graph(layers, "ternary(twn)", "dynamic(4)");
        Graph binary = graph(layers, "binary", "sign");
        Dataset noise = noise();
        double[] seconds = new double[4];
        for (int round = 0; round <= ROUNDS; round++) {
            double[] now = {train(ternary, noise), train(binary, noise), train(FloatTwin.of(ternary), noise),
                fit(plain)};
            for (int i = 0; round > 0 && i < now.length; i++) {
                seconds[i] += now[i];
            }
        }
        List<String> names = List.of("ternary weights, 4-bit activations", "binary weights, signs", "float twin",
                "SameDiff, float");
        for (int i = 0; i < seconds.length; i++) {
            System.out.printf(Locale.ROOT, "%-36s %,8.0f images/s  %.2f of SameDiff%n", names.get(i),
                    ROUNDS * IMAGES / seconds[i], seconds[3] / seconds[i]);
        }
    }

    private static Graph graph(String layers, String weights, String activations) {
        Diagnostics diagnostics = new Diagnostics();
        return Analyzer.analyze(SyntaxReader.read(new SourceFile("speed.tern", """
                model Speed(x: f32[28, 28, 1]) -> (y: f32[10]) {
                    default weights: %s, activations: %s
                    y = %s
                }
                """.formatted(weights, activations, layers)), diagnostics), diagnostics).orElseThrow().graph();
    }

    private static Dataset noise() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[IMAGES * WIDTHS[0]];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        int[] labels = random.ints(IMAGES, 0, 10).toArray();
        return new Dataset("noise", Shape.of(SIDE, SIDE, 1), new Dataset.Values.Numbers(values),
                new Dataset.Targets.Classes(labels, List.of()));
    }

    private static double train(Graph graph, Dataset noise) {
        Trainer trainer = Trainer.of(graph, new TrainingSettings(Course.of(1, BATCH, 1, 0), Descent.adam(0.001f),
                Variation.NONE, TrainingSettings.ALL), noise);
        // Until the epoch's report: what is measured after it is done once, at the end of training.
        long start = processorTime();
        double[] seconds = new double[1];
        trainer.train((report, state) -> seconds[0] = (processorTime() - start) * 1e-9);
        return seconds[0];
    }

    private static SameDiff dense() {
        SameDiff network = SameDiff.create();
        SDVariable x = network.placeHolder("x", DataType.FLOAT, -1, WIDTHS[0]);
        for (int i = 1; i < WIDTHS.length; i++) {
            SDVariable weights = network.var("w" + i, new XavierInitScheme('c', WIDTHS[i - 1], WIDTHS[i]),
                    DataType.FLOAT, WIDTHS[i - 1], WIDTHS[i]);
            SDVariable sums = x.mmul(weights);
            x = i < WIDTHS.length - 1 ? network.nn().relu(sums, 0) : sums;
        }
        return classifier(network, x);
    }

    /** In ND4J's order of channels before rows, which its convolutions are fastest in. */
    private static SameDiff convolutions() {
        SameDiff network = SameDiff.create();
        SDVariable x = network.placeHolder("x", DataType.FLOAT, -1, WIDTHS[0]).reshape(-1, 1, SIDE, SIDE);
        for (int i = 1; i < CHANNELS.length; i++) {
            SDVariable weights = network.var("w" + i, new XavierInitScheme('c', 9 * CHANNELS[i - 1], CHANNELS[i]),
                    DataType.FLOAT, 3, 3, CHANNELS[i - 1], CHANNELS[i]);
            SDVariable sums = network.cnn().conv2d(x, weights, Conv2DConfig.builder().kH(3).kW(3).sH(1).sW(1)
                    .paddingMode(PaddingMode.SAME).dataFormat("NCHW").build());
            x = network.cnn().maxPooling2d(network.nn().relu(sums, 0), Pooling2DConfig.builder().kH(2).kW(2).sH(2)
                    .sW(2).isNHWC(false).build());
        }
        int features = CHANNELS[2] * SIDE / 4 * SIDE / 4;
        return classifier(network, x.reshape(-1, features).mmul(network.var("scores",
                new XavierInitScheme('c', features, 10), DataType.FLOAT, features, 10)));
    }

    private static SameDiff classifier(SameDiff network, SDVariable scores) {
        SDVariable labels = network.placeHolder("labels", DataType.FLOAT, -1, WIDTHS[WIDTHS.length - 1]);
        network.loss().softmaxCrossEntropy("loss", labels, scores, null);
        network.setLossVariables("loss");
        network.setTrainingConfig(new TrainingConfig.Builder().updater(new Adam(0.001)).dataSetFeatureMapping("x")
                .dataSetLabelMapping("labels").build());
        return network;
    }

    private static double fit(SameDiff network) {
        DataSet batch = new DataSet(Nd4j.rand(DataType.FLOAT, BATCH, WIDTHS[0]),
                Nd4j.eye(BATCH).castTo(DataType.FLOAT).get(NDArrayIndex.all(),
                        NDArrayIndex.interval(0, 10)).dup());
        long start = processorTime();
        network.fit(new SingletonDataSetIterator(batch), IMAGES / BATCH);
        return (processorTime() - start) * 1e-9;
    }

    private static long processorTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
