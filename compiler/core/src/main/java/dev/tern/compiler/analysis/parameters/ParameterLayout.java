package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a framework names the parameters of a model and orders their elements. A layout is declared by the model or
 * recorded in the file, never guessed.
 */
public enum ParameterLayout {
    /** The language's own: output channels first, input channels last. */
    TERN("tern", "Tern") {
        @Override
        List<String> names(Demand demand) {
            return List.of();
        }

        @Override
        List<ElementOrder> orders(Demand demand) {
            return List.of(ElementOrder.same(demand.shape()));
        }
    },
    /**
     * {@code torch.nn}: output channels, input channels, then the window ({@code Conv2d}, {@code Conv1d}); of
     * {@code ConvTranspose2d} input channels first. Where [channels, height, width] is flattened, columns and vectors
     * are in that order.
     */
    PYTORCH("pytorch", "PyTorch") {
        @Override
        List<String> names(Demand demand) {
            return switch (demand.role()) {
                case GAMMA, SLOPE -> List.of("weight");
                case BETA -> List.of("bias");
                case MEAN -> List.of("running_mean");
                case VARIANCE -> List.of("running_var");
                case DENSE, CONV, DEPTHWISE, CONV1D, CONVTRANSPOSE, OTHER -> List.of();
            };
        }

        @Override
        List<ElementOrder> orders(Demand demand) {
            int[] shape = demand.shape().toArray();
            return List.of(switch (demand.role()) {
                case CONV, DEPTHWISE -> ElementOrder.permuted(demand.shape(), stored(shape, 0, 3, 1, 2), 0, 2, 3, 1);
                case CONV1D -> ElementOrder.permuted(demand.shape(), stored(shape, 0, 2, 1), 0, 2, 1);
                case CONVTRANSPOSE -> ElementOrder.permuted(demand.shape(), stored(shape, 3, 0, 1, 2), 1, 2, 3, 0);
                case DENSE, GAMMA, BETA, MEAN, VARIANCE, SLOPE, OTHER -> demand.columns()
                        .map(columns -> ElementOrder.columns(demand.shape(), columns))
                        .orElseGet(() -> ElementOrder.same(demand.shape()));
            });
        }

        /** Of batchnorm, which counts while it is trained and needs the count no more. */
        @Override
        boolean ignores(String name) {
            return last(name).equals("num_batches_tracked");
        }
    },
    /**
     * {@code keras.layers}: the window, input channels, output channels ({@code Conv2D}, {@code Conv1D}), of
     * {@code Dense} [in, out], of {@code DepthwiseConv2D} [height, width, in, multiplier], of {@code Conv2DTranspose}
     * [height, width, out, in].
     */
    KERAS("keras", "Keras") {
        @Override
        List<String> names(Demand demand) {
            return switch (demand.role()) {
                case DENSE, CONV, CONV1D, CONVTRANSPOSE -> List.of("kernel");
                case DEPTHWISE -> List.of("kernel", "depthwise_kernel");
                case GAMMA -> List.of("gamma", "scale");
                case BETA, OTHER -> List.of();
                case MEAN -> List.of("moving_mean");
                case VARIANCE -> List.of("moving_variance");
                case SLOPE -> List.of("alpha");
            };
        }

        @Override
        List<ElementOrder> orders(Demand demand) {
            Shape of = demand.shape();
            int[] shape = of.toArray();
            return switch (demand.role()) {
                case DENSE -> List.of(ElementOrder.permuted(of, stored(shape, 1, 0), 1, 0));
                case CONV -> List.of(ElementOrder.permuted(of, stored(shape, 1, 2, 3, 0), 3, 0, 1, 2));
                case DEPTHWISE -> List.of(ElementOrder.permuted(of,
                        new int[]{shape[1], shape[2], demand.groups(), shape[0] / demand.groups()}, 2, 3, 0, 1));
                case CONV1D -> List.of(ElementOrder.permuted(of, stored(shape, 1, 2, 0), 2, 0, 1));
                case CONVTRANSPOSE -> List.of(ElementOrder.permuted(of, stored(shape, 1, 2, 0, 3), 2, 0, 1, 3));
                // Of PReLU with shared axes.
                case SLOPE -> List.of(ElementOrder.same(of), ElementOrder.reshaped(of, 1, shape[0]),
                        ElementOrder.reshaped(of, 1, 1, shape[0]));
                case GAMMA, BETA, MEAN, VARIANCE, OTHER -> List.of(ElementOrder.same(of));
            };
        }

        /** {@code conv2d/kernel:0} is {@code conv2d.kernel}. */
        @Override
        String dotted(String stored) {
            String name = stored.replace('/', '.');
            return name.endsWith(":0") ? name.substring(0, name.length() - 2) : name;
        }

        /** Of dropout, which draws random numbers while it is trained. */
        @Override
        boolean ignores(String name) {
            return last(name).equals("seed_generator_state");
        }
    };

    private final String word;
    private final String framework;

    ParameterLayout(String word, String framework) {
        this.word = word;
        this.framework = framework;
    }

    /** As it is written in a model: {@code pytorch}. */
    public String word() {
        return word;
    }

    /** For people: {@code PyTorch}. */
    public String framework() {
        return framework;
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(ParameterLayout::word).toList();
    }

    /** The layout of a word. */
    public static Optional<ParameterLayout> of(String word) {
        return Arrays.stream(values()).filter(layout -> layout.word.equals(word)).findFirst();
    }

    /** The last parts of the paths under which the framework has a parameter, where it has names of its own. */
    abstract List<String> names(Demand demand);

    /** The orders in which the framework may have its elements, the usual one first. */
    abstract List<ElementOrder> orders(Demand demand);

    /** A path as the language writes it, of a name in the file. */
    String dotted(String stored) {
        return stored;
    }

    /** Whether a file may hold this for the framework's own use; the path is dotted. */
    boolean ignores(String name) {
        return false;
    }

    /** How a file of this layout holds a parameter; the language's own name is understood too. */
    StoredForm form(Demand demand) {
        String path = demand.path();
        String scope = path.substring(0, path.length() - last(path).length());
        List<String> names = new ArrayList<>(names(demand).stream().map(name -> scope + name).toList());
        if (!names.contains(path)) {
            names.add(path);
        }
        return new StoredForm(names, orders(demand));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** The dimensions of a shape in another order. */
    private static int[] stored(int[] shape, int... axes) {
        return Arrays.stream(axes).map(axis -> shape[axis]).toArray();
    }
}
