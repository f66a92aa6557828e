package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.GraphVerifier;
import dev.tern.compiler.syntax.SyntaxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Models and wrong models with a few words changed: whatever comes out is either a graph that obeys every rule or has
 * an error that says why not.
 */
class MutatedModelsTest {
    private static final int VARIANTS = Integer.getInteger("tern.mutations", 800);
    private static final Pattern WORD = Pattern.compile("\\w+|[^\\w\\s]+|\\s+");
    private static final List<String> WORDS = List.of("0", "1", "2", "-1", "3x3", "1x1", "0x2", "2147483648",
            "9223372036854775807", "0.5", "1e300", "true", "_", "x", "image", "stem", "c", "h", "dense", "conv",
            "conv1d", "depthwise", "batchnorm", "relu", "prelu", "avgpool", "maxpool", "flatten", "reshape",
            "transpose", "concat", "slice", "split", "softmax", "argmax", "quantize", "repeat", "embed", "attention",
            "upsample",
            "convtranspose", "Separable", "Residual", "binary", "ternary", "int", "float", "sign", "dynamic", "static",
            "tdq", "u8", "i8", "step", "[", "]", "(", ")", ",", "|>", "+", "*", "..", ":", "as", "if", "not", "[2, _]",
            "weights: ", "activations: ", "pad: valid, ", "pad: 1, ", "stride: 2, ", "groups: 2, ", "bias: true, ",
            "axis: 0, ", "per: row, ", "scale: none", "same(-1)", "x |> relu", "dense(4) |> batchnorm");

    @Test
    void aGraphOrAnError() throws IOException {
        List<String> seeds = new ArrayList<>();
        for (String folder : new String[]{"examples", "diagnostics"}) {
            try (Stream<Path> files = Files.list(Path.of("src/test/resources", folder))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".tern")).sorted().toList()) {
                    // The few right ones count as much as the many wrong ones.
                    seeds.addAll(Collections.nCopies(folder.equals("examples") ? 20 : 1, Files.readString(file)));
                }
            }
        }
        SplittableRandom random = new SplittableRandom(5);
        int graphs = 0;
        for (int i = 0; i < VARIANTS; i++) {
            String text = mutated(seeds.get(random.nextInt(seeds.size())), random);
            try {
                graphs += analyzes(text) ? 1 : 0;
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError("variant " + i + ":\n" + text, e);
            }
        }
        assertThat(graphs).as("variants that are right").isGreaterThan(VARIANTS / 50);
    }

    private static final String[] STEPS = {"dense(#)", "dense(#, bias: true, weights: W, activations: A)",
        "conv(#, #x#)", "conv(#, #x#, stride: #, pad: P, weights: W, activations: A)",
        "conv(#, #, dilation: #, groups: #, pad: P)", "depthwise(#x#, multiplier: #, stride: #x#, pad: P)",
        "conv1d(#, #, stride: #, pad: P, weights: W, activations: A)", "batchnorm", "batchnorm(eps: 1e-3)", "bias",
        "prelu", "relu", "clip(0..#)", "sigmoid", "softmax", "argmax", "maxpool(#x#)", "maxpool(#, stride: #, pad: P)",
        "avgpool", "avgpool(#x#, stride: #, pad: P)", "flatten", "reshape([_, #])", "reshape([#, #, _])", "transpose",
        "transpose([1, 0])", "transpose([0, 2, 1])", "slice(0, #)", "slice(#, #, axis: 0)", "quantize(A)",
        "concat(x)", "concat(x, axis: 0)", "repeat(#, dense(#) |> relu)", "repeat(#, conv(#, 3x3) as c)", "upsample(#)",
        "convtranspose(#, #x#, stride: #, pad: P)", "attention(#)", "layernorm", "layernorm if # > 2", "rmsnorm",
        "convtranspose(#, #, stride: #x#, weights: W, activations: A, bias: true)", "upsample(#x#) |> conv(#, #)",
        "elu", "elu(0.#)", "leakyrelu", "leakyrelu(0.#)", "hardswish", "hardsigmoid", "relu6", "exp", "sqrt"};
    private static final String[] WEIGHTS = {"binary", "binary(scale: none)", "ternary", "ternary(absmean)",
        "ternary(ttq, 0.1)", "ternary(threshold: 0.5, scale: tensor)", "int(#)", "int(8, scale: group(#))", "float"};
    private static final String[] ACTIVATIONS = {"float", "sign", "ternary(0.5)", "dynamic(#)", "dynamic(#, absmax)",
        "dynamic(4, per: row)", "static(#, 0..1)", "static(8, -1..#)", "static(#, calibrated)",
        "static(#, calibrated, per: channel)"};
    private static final String[] PADDINGS = {"same", "valid", "same(+1)", "same(-1)", "#", "#x#", "[0, 1, #, 0]"};
    private static final String[] INPUTS = {"f32[#, #, #]", "f32[8, 8, 4]", "f32[#, #]", "f32[6]", "u8[8, 8, 3]",
        "i8[6]",
        "step[#]"};

    @Test
    void pipelinesOfEveryOp() {
        SplittableRandom random = new SplittableRandom(9);
        int graphs = 0;
        for (int i = 0; i < VARIANTS; i++) {
            String text = pipeline(random);
            try {
                graphs += analyzes(text) ? 1 : 0;
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError("variant " + i + ":\n" + text, e);
            }
        }
        assertThat(graphs).as("pipelines that are right").isGreaterThan(VARIANTS / 20);
    }

    /** A model of a few ops in a row, some of which may not fit each other. */
    static String pipeline(SplittableRandom random) {
        StringBuilder steps = new StringBuilder("x");
        for (int step = random.nextInt(1, 5); step > 0; step--) {
            steps.append(" |> ").append(one(STEPS, random));
        }
        return filled("model M(x: " + one(INPUTS, random) + ") -> (y: f32[_]) {\n    default weights: W, "
                + "activations: A\n    y = " + steps + " |> flatten\n}\n", random);
    }

    private static String one(String[] choices, SplittableRandom random) {
        return choices[random.nextInt(choices.length)];
    }

    private static String filled(String pattern, SplittableRandom random) {
        String text = pattern;
        for (Pattern place : new Pattern[]{Pattern.compile("\\bW\\b"), Pattern.compile("\\bA\\b"),
            Pattern.compile("\\bP\\b"), Pattern.compile("#")}) {
            text = place.matcher(text).replaceAll(match -> switch (match.group()) {
                case "W" -> one(WEIGHTS, random);
                case "A" -> one(ACTIVATIONS, random);
                case "P" -> one(PADDINGS, random);
                default -> Integer.toString(random.nextInt(random.nextInt(20) == 0 ? 0 : 1, 5));
            });
        }
        return text;
    }

    private static boolean analyzes(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<AnalyzedModel> model = Analyzer
                .analyze(SyntaxReader.read(new SourceFile("m.tern", text), diagnostics), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).doesNotContain("Optional", "null", "@");
        model.ifPresent(m -> assertThat(GraphVerifier.verify(m.graph())).isEmpty());
        return model.isPresent();
    }

    private static String mutated(String text, SplittableRandom random) {
        List<String> words = new ArrayList<>(WORD.matcher(text).results().map(MatchResult::group).toList());
        for (int change = random.nextInt(1, 4); change > 0; change--) {
            int at = random.nextInt(words.size());
            switch (random.nextInt(4)) {
                case 0 -> words.set(at, WORDS.get(random.nextInt(WORDS.size())));
                case 1 -> words.add(at, WORDS.get(random.nextInt(WORDS.size())));
                case 2 -> words.set(at, words.get(random.nextInt(words.size())));
                default -> words.set(at, "");
            }
        }
        return String.join("", words);
    }
}
