package dev.tern.benchmarks.peers;

import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Shape;
import java.nio.file.Path;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J in f32: a matrix product into a result that stays, or its convolution. */
public final class Nd4jContender implements Contender {
    private static final int SAME = 1;
    private static final int CHANNELS_FIRST = 0;

    @Override
    public String name() {
        return "nd4j-f32";
    }

    @Override
    public String description() {
        return "ND4J 1.0.0-M2.1 on its CPU backend in f32: `mmuli` into a result that stays, `conv2d`, "
                + "`depthwise_conv2d`";
    }

    @Override
    public boolean takes(Job job) {
        return job.reference();
    }

    @Override
    public Agreement agreement() {
        return Agreement.CORRELATED;
    }

    @Override
    public boolean compiledByJvm() {
        return false;
    }

    @Override
    public Call prepare(Job job, JobParameters parameters, Path workspace) {
        Shape shape = job.shape();
        float[] weights = parameters.weights();
        if (shape.kind() == Shape.Kind.DENSE) {
            INDArray x = Nd4j.createFromArray(parameters.input()).reshape(shape.height(), shape.channels());
            INDArray w = Nd4j.createFromArray(weights).reshape(shape.outputs(), shape.channels()).transpose();
            INDArray y = Nd4j.create(DataType.FLOAT, new long[]{shape.height(), shape.outputs()},
                    shape.height() == 1 ? 'c' : 'f');
            return new ArrayCall(() -> x.mmuli(w, y), y);
        }
        return convolution(shape, parameters.input(), weights);
    }

    /** In the layout that ND4J is fastest in: channels first, as its tests of speed are. */
    private static Call convolution(Shape shape, float[] input, float[] weights) {
        int k = shape.kernel();
        INDArray x = Nd4j.createFromArray(input).reshape(1, shape.height(), shape.width(), shape.channels())
                .permute(0, 3, 1, 2).dup('c');
        boolean depthwise = shape.kind() == Shape.Kind.DEPTHWISE;
        INDArray filters = Nd4j.createFromArray(weights).reshape(shape.outputs(), k, k, shape.depth());
        // From [output][row][column][input] to [row][column][input][output].
        INDArray w = (depthwise ? filters.permute(1, 2, 0, 3) : filters.permute(1, 2, 3, 0)).dup('c');
        INDArray y = Nd4j.create(DataType.FLOAT, 1, shape.outputs(), shape.height(), shape.width());
        DynamicCustomOp op = DynamicCustomOp.builder(depthwise ? "depthwise_conv2d" : "conv2d").addInputs(x, w)
                .addOutputs(y).addIntegerArguments(k, k, 1, 1, 0, 0, 1, 1, SAME, CHANNELS_FIRST).build();
        return new ArrayCall(() -> Nd4j.exec(op), y.permute(0, 2, 3, 1));
    }

    /**
     * An op with its result.
     *
     * @param array [row][column][channel]
     */
    private record ArrayCall(Runnable op, INDArray array) implements Call {
        @Override
        public void run() {
            op.run();
        }

        @Override
        public float[] result() {
            return array.dup('c').data().asFloat();
        }
    }
}
