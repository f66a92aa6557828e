package dev.tern.compiler.analysis.catalogue;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What users of PyTorch, Keras, ONNX, Brevitas, Larq and FINN write, and how Tern says it. Words are compared without
 * underscores, whatever their case, and without a {@code 2d} or {@code layer} at their end.
 */
public final class ForeignWords {
    /**
     * A way to say it in Tern.
     *
     * @param code a step of a pipeline, or the name of an argument, a scheme or a type
     * @param note what else there is to know; may be empty
     */
    public record Saying(String code, String note) {
        /** A line of help. */
        public String help() {
            return "in Tern this is `" + code + "`" + (note.isEmpty() ? "" : ": " + note);
        }
    }

    private static final Pattern BITS = Pattern.compile("([a-z]+)([1-8])");
    private static final Map<String, Saying> OPS = new HashMap<>();
    private static final Map<String, String> ABSENT = new HashMap<>();
    private static final Map<String, String> ARGUMENTS = new HashMap<>();
    private static final Set<String> INFERRED = Set.of("infeatures", "inchannels", "inputshape", "inputdim",
            "inputchannels", "numfeatures", "normalizedshape", "numparameters", "batchsize");
    private static final Map<String, String> WEIGHTS = new HashMap<>();
    private static final Map<String, String> ACTIVATIONS = new HashMap<>();
    private static final Map<String, String> TYPES = new HashMap<>();

    static {
        op("dense(10, bias: true)", "there is no bias unless it is asked for", "linear", "fc", "gemm",
                "fullyconnected", "innerproduct", "affine", "quantlinear", "quantdense", "qdense");
        op("conv(16, 3x3, bias: true)", "there is no bias unless it is asked for", "convolution", "convolutional",
                "quantconv", "qconv", "cnn");
        op("conv1d(16, 3)", "", "quantconv1d", "convolution1d", "temporalconv");
        op("depthwise(3x3)", "", "depthwiseconv", "dwconv", "depthwiseconvolution", "quantdepthwiseconv");
        op("depthwise(3x3) |> conv(16, 1x1)", "", "separableconv", "quantseparableconv", "sepconv");
        op("convtranspose(16, 3x3, stride: 2)", "", "convtransposed", "deconv", "deconvolution", "transposedconv",
                "upconv");
        op("batchnorm", "", "bn", "batchnormalization", "batchnorm1d", "batchnorm3d");
        op("layernorm", "", "ln", "layernormalization");
        op("rmsnorm", "", "rmsnormalization", "simplifiedlayernormalization");
        op("bias", "", "biasadd", "addbias");
        op("relu", "", "rectifier", "quantrelu", "rectifiedlinear");
        op("clip(0..1)", "", "relu1");
        op("clip(-1..1)", "", "clamp", "clipbyvalue", "hardclip");
        op("leakyrelu(0.01)", "trained slopes are `prelu`", "lrelu");
        op("hardsigmoid", "", "hsigmoid");
        op("hardswish", "", "hswish", "hardsilu");
        op("silu", "", "swish");
        op("sigmoid", "", "logistic", "expit");
        op("argmax", "the index alone", "topk");
        op("softmax", "its logarithm has the same order", "logsoftmax");
        op("avgpool", "without a window it takes everything", "globalavgpool", "globalaveragepool",
                "globalaveragepooling", "adaptiveavgpool", "gap");
        op("reduce(mean, [0, 1])", "", "reducemean", "mean");
        op("reduce(sum, [0, 1])", "", "reducesum");
        op("avgpool(2x2)", "", "averagepool", "averagepooling", "meanpool");
        op("maxpool(2x2)", "", "maxpooling", "pool", "maxunpool");
        op("maxpool(8x8) |> flatten", "the window is the whole picture", "globalmaxpool", "globalmaxpooling",
                "adaptivemaxpool");
        op("reduce(max, [0, 1])", "", "reducemax", "amax");
        op("transpose([1, 0, 2])", "", "permute", "swapaxes", "moveaxis");
        op("reshape([_, 4])", "", "view", "squeeze", "unsqueeze", "expanddims");
        op("concat(x, x)", "", "concatenate", "cat", "stack", "hstack", "vstack");
        op("slice(0, 2)", "", "narrow", "crop", "stridedslice", "gather");
        op("upsample(2)", "", "upsampling", "resize", "interpolate", "upsamplenearest");
        op("matmul(x, x |> transpose)", "by trained weights: `dense`", "bmm", "batchmatmul", "mm", "dot", "einsum");
        op("x + x", "", "add", "eltwise", "residual", "shortcut");
        op("x + x", "of one value along axes: `reduce(sum, [0, 1])`", "sum");
        op("x - x", "", "sub", "subtract");
        op("x * x", "", "mul", "multiply", "times");
        op("x / x", "", "div", "divide", "truediv", "quotient");
        op("x / 255", "", "rescaling", "normalize");
        op("attention(2)", "", "multiheadattention", "selfattention", "mha");
        op("quantize(sign)", "on a weighted op: `activations: sign`", "sign", "signum", "stesign", "binarize",
                "bipolarquant", "binaryactivation", "approxsign", "stebinary");
        op("quantize(static(4, 0..1))", "on a weighted op: `activations: static(4, 0..1)`; `dynamic(4)` measures the "
                + "range", "quant", "multithreshold", "fakequant", "fakequantize", "quantizelinear",
                "dynamicquantizelinear", "quantstub", "quantidentity", "quantizer", "qactivation",
                "quantizeddequantize", "dequantizelinear", "dequantize", "inttoquant");
        op("quantize(ternary(0.5))", "on a weighted op: `activations: ternary(0.5)`", "ternarize", "stetern");

        absent("it does nothing in a trained network: leave it out", "dropout", "spatialdropout", "alphadropout",
                "gaussiannoise", "gaussiandropout", "droppath", "stochasticdepth", "identity", "noop", "cast",
                "contiguous", "detach", "stopgradient", "dequantstub", "inputlayer", "activityregularization");
        absent("a pipeline is a sequence: write `|>` between the steps", "sequential", "sequence", "modulelist");
        absent("padding is the argument `pad` of convolutions and pools: `conv(16, 3x3, pad: 1)`; elsewhere `pad(1, 1, "
                + "axis: 0)` has zeros before and after", "zeropadding", "reflectionpad", "constantpad", "padding");
        absent("Tern has no such function; the nearest are `elu`, `gelu`, `silu` and `prelu`", "selu", "celu",
                "mish", "softsign", "softshrink", "hardshrink", "tanhshrink", "threshold",
                "thresholdedrelu", "erf", "pow");
        absent("Tern has no recurrent ops", "lstm", "gru", "rnn", "simplernn", "convlstm", "rnncell", "lstmcell");
        op("groupnorm(2)", "", "gn", "groupnormalization");
        op("l2norm", "", "lpnormalization", "unitnormalization", "l2normalize");
        absent("Tern normalizes with `batchnorm`, `layernorm`, `rmsnorm`, `groupnorm` and `l2norm`", "instancenorm",
                "instancenormalization", "lrn", "localresponsenorm");
        absent("Tern has no 3-d convolutions and pools", "conv3d", "maxpool3d", "avgpool3d");
        absent("`embed` takes a `step` or an `index` input: `words |> embed(learned, 64)`", "embedding", "embeddingbag",
                "positionalencoding");

        name(ARGUMENTS, "kernel", "kernelsize", "kernelshape", "filtersize", "ksize");
        name(ARGUMENTS, "channels", "filters", "outchannels", "numfilters", "outputchannels", "nfilters");
        name(ARGUMENTS, "features", "units", "outfeatures", "numhidden", "outputs", "hidden");
        name(ARGUMENTS, "stride", "strides", "subsample");
        name(ARGUMENTS, "pad", "padding", "pads", "autopad", "bordermode");
        name(ARGUMENTS, "dilation", "dilations", "dilationrate", "atrous");
        name(ARGUMENTS, "groups", "group", "numgroups");
        name(ARGUMENTS, "bias", "usebias", "addbias");
        name(ARGUMENTS, "eps", "epsilon");
        name(ARGUMENTS, "window", "poolsize", "kernel", "kernelsize", "size");
        name(ARGUMENTS, "multiplier", "depthmultiplier", "channelmultiplier");
        name(ARGUMENTS, "axis", "dim", "axes", "dimension");
        name(ARGUMENTS, "order", "perm", "dims", "axes");
        name(ARGUMENTS, "shape", "newshape", "targetshape", "size");
        name(ARGUMENTS, "heads", "numheads", "nhead");
        name(ARGUMENTS, "factor", "scalefactor", "size", "scale");
        name(ARGUMENTS, "range", "min", "max", "minval", "maxval", "amin", "amax");
        name(ARGUMENTS, "weights", "weight", "weightquant", "kernelquantizer", "weightbitwidth", "wbits",
                "depthwisequantizer");
        name(ARGUMENTS, "activations", "inputquant", "inputquantizer", "actquant", "inputbitwidth",
                "abits");
        name(ARGUMENTS, "bits", "bitwidth", "nbits", "numbits", "precision");
        name(ARGUMENTS, "zero", "zeropoint", "zeropt", "offset");
        name(ARGUMENTS, "narrow", "narrowrange");
        name(ARGUMENTS, "start", "begin", "starts");
        name(ARGUMENTS, "end", "stop", "ends");

        name(WEIGHTS, "binary", "bipolar", "xnor", "bnn", "sign", "int1", "stesign", "onebit");
        name(WEIGHTS, "ternary(twn)", "trinary", "tnn", "twn", "int2", "ternarytwn");
        name(WEIGHTS, "ternary(absmean)", "bitnet", "absmean", "b158");
        name(WEIGHTS, "ternary(ttq)", "ttq", "stetern");
        name(WEIGHTS, "int(4)", "int4", "q4", "nf4", "uint4");
        name(WEIGHTS, "int(8)", "int8", "uint8", "q8", "qint8", "quint8", "uint");
        name(WEIGHTS, "float", "float32", "fp32", "f32", "none", "float16", "fp16", "bfloat16", "full");
        name(ACTIVATIONS, "sign", "binary", "bipolar", "int1", "stesign", "binarize", "onebit");
        name(ACTIVATIONS, "ternary(0.5)", "stetern", "trinary");
        name(ACTIVATIONS, "dynamic(8)", "int8", "uint8", "qint8", "quint8", "q8", "minmax", "int", "uint");
        name(ACTIVATIONS, "dynamic(4)", "int4", "uint4", "q4");
        name(ACTIVATIONS, "dynamic(2)", "int2", "uint2");
        name(ACTIVATIONS, "dynamic(8, absmax)", "absmax", "symmetric");
        name(ACTIVATIONS, "static(8, calibrated)", "calibrated", "percentile", "entropy", "mse");
        name(ACTIVATIONS, "float", "float32", "fp32", "f32", "none", "float16", "fp16", "bfloat16", "full");
        name(TYPES, "f32", "float", "float32", "fp32", "single", "double", "float64", "f64", "half", "float16", "f16",
                "fp16", "bfloat16", "bf16", "tensor", "real");
        name(TYPES, "u8", "uint8", "byte", "ubyte", "uchar");
        name(TYPES, "i8", "int8", "sbyte", "char");
        name(TYPES, "step", "int", "int32", "int64", "i32", "i64", "long", "int16", "i16", "uint16", "uint32");
    }

    private ForeignWords() {
    }

    private static void op(String code, String note, String... words) {
        for (String word : words) {
            OPS.put(word, new Saying(code, note));
        }
    }

    private static void absent(String help, String... words) {
        for (String word : words) {
            ABSENT.put(word, help);
        }
    }

    /** Of two arguments that a word may mean each is told of by the ops that have it. */
    private static void name(Map<String, String> names, String ours, String... words) {
        for (String word : words) {
            names.merge(word, ours, (before, more) -> before + "/" + more);
        }
    }

    /** What to write for an op of another language, as a line of help. */
    public static Optional<String> op(String word) {
        String plain = plain(word);
        for (String tried : List.of(plain, stripped(plain))) {
            if (OPS.containsKey(tried)) {
                return Optional.of(OPS.get(tried).help());
            }
            if (Catalogue.find(tried).isPresent()) {
                return Optional.of(new Saying(tried, "").help());
            }
            if (ABSENT.containsKey(tried)) {
                return Optional.of(ABSENT.get(tried));
            }
        }
        return Optional.empty();
    }

    /** What to write where an op was given an argument without a name that it has no place for. */
    static Optional<String> surplus(String op) {
        return Optional.ofNullable(switch (op) {
            case "min", "max" ->
                "`" + op + "` compares tensors; `clip(0..6)` holds a value between two numbers";
            case "clip" -> "a range is one argument: `clip(0..6)`";
            case "static" -> "a range is one argument: `static(8, 0..1)`";
            default -> null;
        });
    }

    /** What to write for an argument that another language calls by this name. @param own the op's arguments */
    static Optional<String> argument(String word, List<String> own) {
        String plain = plain(word);
        if (INFERRED.contains(plain)) {
            return Optional.of("leave it out: it follows from the input's shape");
        }
        if (plain.equals("activation") && own.equals(List.of("weights", "activations"))) {
            return Optional.of("in Tern this is `activations`");
        }
        if (plain.equals("activation")) {
            return Optional.of("a function is a step of its own: `dense(10) |> relu`");
        }
        return Optional.ofNullable(ARGUMENTS.get(plain))
                .flatMap(names -> Stream.of(names.split("/")).filter(own::contains).findFirst())
                .map(ours -> "in Tern this is `" + ours + "`");
    }

    /** The scheme for what another language calls so. @param what the kind of scheme, as messages name it */
    static Optional<String> scheme(String what, String word) {
        Map<String, String> names = switch (what) {
            case "weight scheme" -> WEIGHTS;
            case "activation scheme" -> ACTIVATIONS;
            default -> Map.of();
        };
        return Optional.ofNullable(names.get(plain(word))).or(() -> withBits(what, plain(word)));
    }

    /** Of names with their bits in them. */
    private static Optional<String> withBits(String what, String word) {
        Matcher named = BITS.matcher(word);
        if (!named.matches()) {
            return Optional.empty();
        }
        String bits = named.group(2);
        return Optional.ofNullable(switch (what + " " + named.group(1)) {
            case "weight scheme int", "weight scheme uint", "weight scheme q", "weight scheme w" ->
                bits.equals("1") ? "binary" : "int(" + bits + ")";
            case "activation scheme int", "activation scheme uint", "activation scheme q", "activation scheme a",
                    "activation scheme dynamic" ->
                "dynamic(" + bits + ")";
            case "activation scheme static" -> "static(" + bits + ", 0..1)";
            default -> null;
        });
    }

    /** The type of an input that another language calls so. */
    public static Optional<String> type(String word) {
        return Optional.ofNullable(TYPES.get(plain(word)));
    }

    /** All sayings of ops by foreign word. */
    static Map<String, Saying> ops() {
        return Map.copyOf(OPS);
    }

    /** The words for what Tern has in no form. */
    static Set<String> absent() {
        return Set.copyOf(ABSENT.keySet());
    }

    /** All schemes by foreign word. */
    static Map<String, String> schemes(String what) {
        return Map.copyOf(what.equals("weight scheme") ? WEIGHTS : ACTIVATIONS);
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "");
    }

    private static String stripped(String word) {
        return word.replaceAll("(layer|2d|layer2d|2dlayer)$", "");
    }
}
