package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "fmt", "compile", "generate", "explain", "footprint", "verify", "eval",
        "bench", "tune",
        "init", "train", "calibrate", "quantize", "sample", "import", "export", "lsp"})
    void everyCommandHasHelpWithAnExample(String command) {
        Invocation help = Invocation.of(command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).startsWith("Usage: tern " + command + " ").containsPattern("Examples?:\n  tern "
                + command + " ");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void runInFull() {
        assertThat(Invocation.of("run", "--help").out()).isEqualTo("""
                Usage: tern run [-h] [--json] [--resize] [--brightness=X[,X...]]... --input=[NAME=]VALUE [--input=
                                [NAME=]VALUE]... [--scale=X[,X...]]... MODEL
                Compiles a model and runs it, once or for each of several examples.

                Files are read by their extension: .png, .jpg (scaled to 0..1 for f32, as stored for u8; grey for
                one channel, RGB for three), .npy, .csv, .bin (raw little-endian elements of the input's type); .
                npz has arrays by the names of inputs, or x. Arrays [n, ...], tables of several examples, with or
                without a column of labels, and folders of pictures are run example by example; a model of a stream
                takes them as frames, one after the other, and answers each.

                      MODEL                  A .tern, .onnx or .tflite file, or a folder that holds one.
                      --brightness=X[,X...]  Then add to them, by the channel, too, where needed (default: 0).
                  -h, --help                 Show this help and exit.
                      --input=[NAME=]VALUE   A file, numbers (1.5,2,-3), or the number of a step input. NAME= may
                                               be left out where only one input is left to give.
                      --json                 Print one JSON object on standard output and nothing else there.
                      --resize               Make a picture of another size fit.
                      --scale=X[,X...]       Multiply f32 inputs first: 255 for a model of pixels 0..255; one
                                               number for each channel where they differ: 4.37,4.46,4.44 (default:
                                               1).

                Examples:
                  tern run models/digits --input models/digits/samples/seven.png
                  tern run denoiser.tern --input x=point.csv --input t=5 --json
                """);
    }

    @Test
    void theCommandItself() {
        Invocation help = Invocation.of("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("run", "check", "fmt", "compile", "explain", "eval", "bench", "tune",
                "tern run models/digits --input models/digits/samples/seven.png");
        assertThat(Invocation.of("--version").out()).startsWith("tern 0.1");
    }

    @Test
    void wrongUsageEndsWithTwo() {
        assertUsage("tern: a command is missing");
        assertUsage("tern: there is no command 'rum'\nDid you mean: tern run?", "rum");
        assertUsage("Missing required option: '--input=[NAME=]VALUE'", "run", "m");
        assertUsage("Unknown option: '--jason'", "run", "m", "--input", "x", "--jason");
        assertUsage("Missing required parameter: 'MODEL'", "check");
        assertUsage("Missing required option: '--output=PLACE'", "compile", "m");
        assertUsage("Invalid value for option '--seconds': 'soon' is not a number", "bench", "m", "--seconds", "soon");
        assertUsage("--seconds takes a number over 0", "bench", "m", "--seconds", "-1");
        assertUsage("--after and --dump print different things", "explain", "m", "--after", "Lower", "--dump");
        assertUsage("--seed is for random inputs", "verify", "m", "--input", "x.csv", "--seed", "3");
    }

    private static void assertUsage(String message, String... arguments) {
        Invocation wrong = Invocation.of((Object[]) arguments);
        assertThat(wrong.exitCode()).as(String.join(" ", arguments)).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).contains(message).contains("--help'");
    }

    @Test
    void wrongUsageInJson() {
        Invocation wrong = Invocation.of("check", "m", "--json", "--jason");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.out()).isEqualTo("""
                {
                  "error" : "Unknown option: '--jason'"
                }
                """);
    }
}
