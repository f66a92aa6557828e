package dev.tern.cli.hostile;

import static dev.tern.cli.hostile.BinaryFiles.floats;
import static dev.tern.cli.hostile.BinaryFiles.npy;
import static dev.tern.cli.hostile.BinaryFiles.safetensors;
import static dev.tern.cli.hostile.BinaryFiles.tensor;
import static dev.tern.cli.hostile.BinaryFiles.zip;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parameter files, and paths to them, that must not be believed. */
final class HostileParameters {
    static final byte[] GOOD = safetensors("{" + tensor("y.dense.weight", "F32", "[2,4]", 0, 32) + "}",
            floats(1, -1, 1, 1, -1, -1, 1, 0.5f));

    private final Path root;
    private final List<HostileCase> cases = new ArrayList<>();

    private HostileParameters(Path root) {
        this.root = root;
    }

    /** A model of one layer with those parameters. */
    static String model(String parameters) {
        return "model M(x: f32[4]) -> (y: f32[2]) {\n    parameters \"" + parameters
                + "\"\n    y = x |> dense(2, weights: binary, activations: sign)\n}\n";
    }

    static List<HostileCase> in(Path root) {
        HostileParameters parameters = new HostileParameters(root);
        parameters.malformed();
        parameters.unfit();
        parameters.elsewhere();
        return parameters.cases;
    }

    private void compile(String name, String file, byte[] content, String... expected) {
        cases.add(new HostileCase.Builder(root, name).with("m.tern", model(file)).with(file, content)
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), expected));
    }

    private void compile(String name, String header, int data, String... expected) {
        compile(name, "w.safetensors", safetensors(header, new byte[data]), expected);
    }

    private void malformed() {
        compile("a header of 2 to the 60 bytes", "w.safetensors", safetensors(1L << 60, "{}", new byte[0]), "T0502",
                "w.safetensors at byte 0", "1152921504606846976");
        compile("a header of 2 to the 63 bytes", "w.safetensors", safetensors(Long.MIN_VALUE, "{}", new byte[0]),
                "T0502", "w.safetensors at byte 0");
        compile("a truncated file", "w.safetensors", Arrays.copyOf(GOOD, GOOD.length - 5), "T0502",
                "w.safetensors at byte", "tensor y.dense.weight");
        compile("an empty parameter file", "w.safetensors", new byte[0], "T0502", "w.safetensors");
        compile("overlapping tensors", "{" + tensor("y.dense.weight", "F32", "[2,4]", 0, 32) + ","
                + tensor("y.dense.bias", "F32", "[2]", 28, 36) + "}", 36, "T0502", "overlaps");
        compile("a shape whose product overflows in a file",
                "{" + tensor("y.dense.weight", "F32", "[4611686018427387904,4]", 0, 32) + "}", 32, "T0502",
                "overflows", "at byte");
        compile("brackets in a header", "{\"w\":" + "[".repeat(1_000_000), 0, "T0502", "at byte");
        compile("a tensor that says it is elsewhere",
                "{" + tensor("y.dense.weight", "F32", "[2,4]", 1L << 60, (1L << 60) + 32) + "}", 32, "T0502");
        compile("an archive that unpacks to 300 MB", "w.npz",
                zip("y.dense.weight.npy", npy("<f4", "(2, 4)", new byte[0]), 300), "T0502", "w.npz", "unpacks to more");
        compile("an archive that is none", "w.npz", GOOD, "T0502", "w.npz");
        compile("a file of another kind", "w.onnx", GOOD, "T0508", "m.tern:2:");
    }

    private void unfit() {
        compile("a NaN parameter", "w.safetensors",
                safetensors("{" + tensor("y.dense.weight", "F32", "[2,4]", 0, 32) + "}",
                        floats(1, 1, 1, Float.NaN, 1, 1, 1, 1)),
                "T0506", "y.dense.weight");
        compile("an infinite parameter", "w.safetensors",
                safetensors("{" + tensor("y.dense.weight", "F64", "[2,4]", 0, 64) + "}",
                        java.nio.ByteBuffer.allocate(64).order(java.nio.ByteOrder.LITTLE_ENDIAN).putDouble(1e300)
                                .array()),
                "T0506", "y.dense.weight");
        compile("a missing parameter", "{}", 0, "T0503", "y.dense.weight");
        compile("a surplus parameter", "{" + tensor("y.dense.weight", "F32", "[2,4]", 0, 32) + ","
                + tensor("y.dense.wait", "F32", "[2]", 32, 40) + "}", 40, "T0504", "y.dense.wait");
        compile("a misshapen parameter", "{" + tensor("y.dense.weight", "F32", "[4,2]", 0, 32) + "}", 32, "T0505",
                "y.dense.weight");
        compile("a parameter of the wrong type", "{" + tensor("y.dense.weight", "I64", "[2,4]", 0, 64) + "}", 64,
                "T0509", "y.dense.weight");
        compile("codes out of range", "w.safetensors",
                safetensors("{" + tensor("y.dense.weight.codes", "I8", "[2,4]", 0, 8) + ","
                        + tensor("y.dense.weight.scale", "F32", "[2]", 8, 16) + "}", new byte[16]),
                "T0511", "y.dense.weight");
    }

    private void elsewhere() {
        outside("parameters above the folder", "../w.safetensors");
        outside("parameters above by a detour", "a/../../w.safetensors");
        outside("parameters at an absolute path", "/etc/hostname.safetensors");
        outside("parameters at an absolute path of two slashes", "//w.safetensors");
        HostileCase.Builder linked = new HostileCase.Builder(root, "parameters through a link");
        cases.add(linked.with("outside.safetensors", GOOD).withFolder("model").with("model/m.tern", model(
                "w.safetensors"))
                .withLink("model/w.safetensors", Path.of("..", "outside.safetensors"))
                .refuse(List.of("check", "@model"), "T0507", "m.tern:2:"));
        cases.add(new HostileCase.Builder(root, "parameters that are a folder").with("m.tern", model("w.safetensors"))
                .withFolder("w.safetensors").refuse(List.of("check", "@m.tern"), "T0501"));
        cases.add(new HostileCase.Builder(root, "parameters that are a device").with("m.tern", model("w.safetensors"))
                .withLink("w.safetensors", Path.of("/dev/zero")).refuse(List.of("check", "@m.tern"), "error[T05"));
        cases.add(new HostileCase.Builder(root, "parameters that do not exist").with("m.tern", model("w.safetensors"))
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "T0501"));
        cases.add(new HostileCase.Builder(root, "parameters with a name of zeros").with("m.tern", model(
                "w\\u{0}.safetensors"))
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "error[T", "m.tern:2:"));
        cases.add(new HostileCase.Builder(root, "parameters with an endless name")
                .with("m.tern", model("w".repeat(100_000) + ".safetensors"))
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "error[T05"));
    }

    private void outside(String name, String path) {
        cases.add(new HostileCase.Builder(root, name).with("m.tern", model(path)).withFolder("a")
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "T0507", "m.tern:2:"));
    }
}
