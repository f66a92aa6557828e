package dev.tern.cli.hostile;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Models that are too deep, too large, or no text at all. */
final class HostileTexts {
    private static final int DEEP = 20_000;

    private final Path root;
    private final List<HostileCase> cases = new ArrayList<>();

    private HostileTexts(Path root) {
        this.root = root;
    }

    static List<HostileCase> in(Path root) {
        HostileTexts texts = new HostileTexts(root);
        texts.deep();
        texts.repeated();
        texts.large();
        texts.heavy();
        texts.noText();
        texts.otherCommands();
        return texts.cases;
    }

    private void check(String name, String text, String... expected) {
        cases.add(new HostileCase.Builder(root, name).with("m.tern", text).refuse(List.of("check", "@m.tern"),
                expected));
    }

    private static String model(String y) {
        return "model M(x: f32[4]) -> (y: f32[4]) {\n    y = " + y + "\n}\n";
    }

    private void deep() {
        check("20000 open parentheses", model("(".repeat(DEEP)), "T0004", "m.tern:2:");
        check("20000 closed parentheses", model("(".repeat(DEEP) + "x" + ")".repeat(DEEP)), "T0004", "m.tern:2:");
        check("20000 nested calls", model("relu(".repeat(DEEP) + "x" + ")".repeat(DEEP)), "T0004", "m.tern:2:");
        check("20000 nested repeats", model("x |> " + "repeat(1, ".repeat(DEEP) + "relu" + ")".repeat(DEEP)), "T0004",
                "m.tern:2:");
        check("20000 minus signs", model("-".repeat(DEEP) + "x"), "T0004", "m.tern:2:");
        check("20000 sums", model("x" + " + x".repeat(DEEP)), "T0004", "m.tern:2:");
        check("20000 brackets", "model M(x: f32" + "[".repeat(DEEP), "T0004", "m.tern:1:");
        check("blocks in a circle", "block A(x: f32[n]) -> (y: f32[n]) { y = x |> B }\n"
                + "block B(x: f32[n]) -> (y: f32[n]) { y = x |> A }\n" + model("x |> A"), "T0104", "m.tern:");
        StringBuilder chain = new StringBuilder("block B0(x: f32[n]) -> (y: f32[n]) { y = x |> relu }\n");
        for (int i = 1; i < 5000; i++) {
            chain.append("block B" + i + "(x: f32[n]) -> (y: f32[n]) { y = x |> B" + (i - 1) + " }\n");
        }
        check("a chain of 5000 blocks", chain + model("x |> B4999"), "error[T", "m.tern:");
    }

    private void repeated() {
        check("a repeat of a billion", model("x |> repeat(1000000000, dense(4))"), "error[T", "m.tern:2:");
        check("a repeat of 2 to the 63", model("x |> repeat(9223372036854775808, dense(4))"), "error[T", "m.tern:2:");
        check("repeats of repeats", model("x |> " + "repeat(1000, ".repeat(5) + "relu" + ")".repeat(5)), "error[T",
                "m.tern:2:");
        StringBuilder laughs = new StringBuilder("block B0(x: f32[n]) -> (y: f32[n]) { y = x |> relu |> relu }\n");
        for (int i = 1; i < 60; i++) {
            laughs.append("block B" + i + "(x: f32[n]) -> (y: f32[n]) { y = x |> B" + (i - 1) + " |> B" + (i - 1)
                    + " }\n");
        }
        check("blocks that double 60 times", laughs + model("x |> B59"), "error[T", "m.tern:");
        check("a wrong argument of blocks that double", laughs + model("x |> B59(3)"), "error[T", "m.tern:");
    }

    private void large() {
        check("a dimension of 2 to the 31", "model M(x: f32[2147483648]) -> (y: f32[1]) { y = x }", "error[T",
                "m.tern:1:");
        check("a dimension of 30 digits", "model M(x: f32[" + "9".repeat(30) + "]) -> (y: f32[1]) { y = x }", "error[T",
                "m.tern:1:");
        check("a shape whose product overflows", "model M(x: f32[65536, 65536, 65536, 65536]) -> (y: f32[1]) { y = x }",
                "T0303", "m.tern:1:");
        check("a dimension of zero", "model M(x: f32[0]) -> (y: f32[0]) { y = x }", "T0302", "m.tern:1:");
        check("a negative dimension", "model M(x: f32[-4]) -> (y: f32[1]) { y = x }", "error[T", "m.tern:1:");
        check("a dense layer of a billion", model("x |> dense(1000000000)"), "error[T", "m.tern:2:");
        check("a convolution of a billion", "model M(x: f32[8, 8, 64]) -> (y: f32[8, 8, 1000000000]) {\n"
                + "    y = x |> conv(1000000000, 3x3)\n}\n", "error[T", "m.tern:");
        check("a kernel larger than the world", "model M(x: f32[8, 8, 1]) -> (y: f32[8, 8, 1]) {\n"
                + "    y = x |> conv(1, 2147483647x2147483647)\n}\n", "error[T", "m.tern:2:");
        check("a stride of 2 to the 31", "model M(x: f32[8, 8, 1]) -> (y: f32[8, 8, 1]) {\n"
                + "    y = x |> conv(1, 3x3, stride: 2147483648)\n}\n", "error[T", "m.tern:2:");
        check("a dilation that overflows", "model M(x: f32[8, 8, 1]) -> (y: f32[8, 8, 1]) {\n"
                + "    y = x |> conv(1, 3x3, dilation: 2147483647)\n}\n", "error[T", "m.tern:2:");
        check("padding that overflows", "model M(x: f32[8, 8, 1]) -> (y: f32[8, 8, 1]) {\n"
                + "    y = x |> conv(1, 3x3, pad: [2147483647, 2147483647, 2147483647, 2147483647])\n}\n",
                "error[T", "m.tern:2:");
        check("padding that makes a large result", "model M(x: f32[8, 8, 1]) -> (y: f32[8, 8, 1]) {\n"
                + "    y = x |> conv(1, 3x3, pad: [32767, 32767, 32767, 32767])\n}\n", "T0303", "m.tern:2:");
        check("65 bits", model("x |> dense(4, weights: int(65))"), "T0402", "m.tern:2:");
        check("a budget that overflows", "model M(x: f32[4]) -> (y: f32[4]) {\n    budget flash: 99999999999999 MiB\n"
                + "    y = x\n}\n", "error[T", "m.tern:2:");
        check("20000 operations in a row that do not fit", model("x" + " |> relu".repeat(DEEP) + " |> dense(5)"),
                "error[T", "m.tern:");
        check("80000 statements", model("x" + " y = x".repeat(80_000)), "T0102", "m.tern:2:");
        check("a name of a million letters", model("a".repeat(1_000_000)), "T0008", "m.tern:2:");
        check("a text of 100 MB", model("x" + " ".repeat(100_000_000)), "T0007", "m.tern");
    }

    /** Right models, with all their parameters, that do not fit into this much memory. */
    private void heavy() {
        heavy("an input of a GB", "model M(x: f32[16384, 16384]) -> (y: f32[16384, 16384]) { y = x |> relu }",
                new byte[0],
                1L << 30, "run", "@m.tern", "--input", "@sparse.bin");
        heavy("parameters of a GB", "model M(x: f32[16384]) -> (y: f32[16384]) {\n"
                + "    parameters \"sparse.safetensors\"\n    y = x |> dense(16384, weights: ternary(twn))\n}\n",
                header("y.dense.weight", "[16384,16384]", 1L << 30), 1L << 30, "compile", "@m.tern", "-o", "@out.jar");
        heavy("values of a GB", "model M(x: f32[4096, 4096, 1]) -> (y: f32[4096, 4096, 16]) {\n"
                + "    parameters \"sparse.safetensors\"\n    y = x |> conv(16, 3x3)\n}\n",
                header("y.conv.weight", "[16,3,3,1]", 576), 576, "bench", "@m.tern");
    }

    private static byte[] header(String tensor, String shape, long bytes) {
        return BinaryFiles.safetensors("{" + BinaryFiles.tensor(tensor, "F32", shape, 0, bytes) + "}", new byte[0]);
    }

    /** The data file has a header and so many bytes of zero. */
    private void heavy(String name, String text, byte[] header, long zeros, String... command) {
        String data = header.length == 0 ? "sparse.bin" : "sparse.safetensors";
        HostileCase.Builder builder = new HostileCase.Builder(root, name).with("m.tern", text).with(data, header);
        sparse(builder.path(data), header.length + zeros);
        cases.add(builder.refuse(List.of(command), "T0305", "m.tern"));
    }

    private void noText() {
        cases.add(new HostileCase.Builder(root, "an empty file").with("m.tern", "")
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "T0105", "m.tern"));
        check("zeros", "\0".repeat(1000), "T0002", "m.tern:1:1");
        cases.add(new HostileCase.Builder(root, "bytes that are no UTF-8").with("m.tern", new byte[]{77, 33, -1, -2, 0})
                .refuse(List.of("check", "@m.tern"), "T0001", "m.tern at byte 2"));
        HostileCase.Builder sparse = new HostileCase.Builder(root, "a sparse file of 100 GB");
        sparse(sparse.path("m.tern"), 100L << 30);
        cases.add(sparse.refuse(List.of("check", "@m.tern"), "T0007", "m.tern"));
        cases.add(new HostileCase.Builder(root, "a device").withLink("m.tern", Path.of("/dev/zero"))
                .refuse(List.of("check", "@m.tern"), "error[T000", "m.tern"));
        cases.add(new HostileCase.Builder(root, "a link to itself").withLink("m.tern", Path.of("m.tern"))
                .refuse(List.of("check", "@m.tern"), "T0001", "m.tern"));
        cases.add(new HostileCase.Builder(root, "no file").refuse(List.of("check", "@m.tern"), "T0001", "m.tern"));
        cases.add(new HostileCase.Builder(root, "a folder without a model").refuse(List.of("check", "@"), "T0001"));
        cases.add(new HostileCase.Builder(root, "a folder named like a model").withFolder("m.tern")
                .refuse(List.of("check", "@m.tern"), "T0001", "m.tern"));
    }

    private void otherCommands() {
        for (String command : List.of("fmt", "compile", "explain", "run", "bench", "train")) {
            List<String> arguments = new ArrayList<>(List.of(command, "@m.tern"));
            if (command.equals("compile")) {
                arguments.addAll(List.of("-o", "@out.jar"));
            } else if (command.equals("run")) {
                arguments.addAll(List.of("--input", "@x.csv"));
            } else if (command.equals("train")) {
                arguments.addAll(List.of("--data", "@data"));
            }
            cases.add(new HostileCase.Builder(root, command + " of a deep text").with("m.tern", model("(".repeat(DEEP)))
                    .refuse(arguments, "T0004", "m.tern:2:"));
        }
    }

    /** A file of so many zeros that takes no room. */
    private static void sparse(Path path, long length) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
