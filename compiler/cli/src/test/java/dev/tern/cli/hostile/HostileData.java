package dev.tern.cli.hostile;

import static dev.tern.cli.hostile.BinaryFiles.floats;
import static dev.tern.cli.hostile.BinaryFiles.gzip;
import static dev.tern.cli.hostile.BinaryFiles.npy;
import static dev.tern.cli.hostile.BinaryFiles.png;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A good model given bad data, and places where nothing can be written. */
final class HostileData {
    private static final byte[] GOOD_NPY = npy("<f4", "(4,)", floats(1, 2, 3, 4));

    private final Path root;
    private final List<HostileCase> cases = new ArrayList<>();

    private HostileData(Path root) {
        this.root = root;
    }

    static List<HostileCase> in(Path root) {
        HostileData data = new HostileData(root);
        data.inputs();
        data.numbers();
        data.labels();
        data.sets();
        data.training();
        data.outputs();
        return data.cases;
    }

    private HostileCase.Builder good(String name) {
        return new HostileCase.Builder(root, name).with("m.tern", HostileParameters.model("w.safetensors"))
                .with("w.safetensors", HostileParameters.GOOD);
    }

    private void run(String name, String file, byte[] content, String... expected) {
        cases.add(good(name).with(file, content).refuse(List.of("run", "@m.tern", "--input", "@" + file), expected));
    }

    private void inputs() {
        run("a picture of 2 to the 62 pixels", "x.png", png(Integer.MAX_VALUE, Integer.MAX_VALUE, 0), "T1002", "x.png");
        run("a truncated picture", "x.png", Arrays.copyOf(png(2, 2, 1), 60), "T1001", "x.png");
        run("a picture of nothing", "x.png", new byte[0], "T1001", "x.png");
        run("a picture that is none", "x.png", "GIF89a, not a PNG".getBytes(), "T1001", "x.png");
        cases.add(good("a picture of 256 million pixels").with("x.png", png(16_000, 16_000, 1)).refuse(
                List.of("run", "@m.tern", "--input", "@x.png", "--resize"), "T1001", "x.png"));
        run("an array whose header ends early", "x.npy", Arrays.copyOf(GOOD_NPY, 30), "T1001", "x.npy at byte");
        run("an array of 2 to the 60 elements", "x.npy", npy("<f4", "(1152921504606846976,)", floats(1)), "T1001",
                "x.npy");
        run("an array whose product overflows", "x.npy", npy("<f4", "(4294967296, 4294967296, 4)", floats(1)), "T1001",
                "x.npy at byte", "overflows");
        run("an array of objects", "x.npy", npy("|O", "(4,)", new byte[16]), "T1001", "x.npy");
        run("an array of another shape", "x.npy", npy("<f4", "(2, 2)", new byte[16]), "T1002", "x.npy");
        run("an array with a NaN", "x.npy", npy("<f4", "(4,)", floats(1, 2, Float.NaN, 4)), "T1003", "element 2");
        run("raw bytes of another length", "x.bin", new byte[15], "T1002", "x.bin");
        run("raw bytes with an infinity", "x.bin", floats(1, 2, 3, Float.NEGATIVE_INFINITY), "T1003", "element 3");
        run("a file of unknown kind", "x.gif", new byte[4], "T1001", "x.gif");
        cases.add(good("an input that is a folder").withFolder("x.npy")
                .refuse(List.of("run", "@m.tern", "--input", "@x.npy"), "T1001", "x.npy"));
        cases.add(good("an input that is a device").withLink("x.bin", Path.of("/dev/zero"))
                .refuse(List.of("run", "@m.tern", "--input", "@x.bin"), "T1001", "x.bin"));
        cases.add(good("an input that does not exist")
                .refuse(List.of("run", "@m.tern", "--input", "@x.bin"), "T1001", "x.bin"));
        cases.add(good("an input of another name").with("x.npy", GOOD_NPY)
                .refuse(List.of("run", "@m.tern", "--input", "z=@x.npy"), "T1004"));
    }

    private void numbers() {
        run("numbers that are none", "x.csv", "1,2,three,4".getBytes(), "T1001", "x.csv:1:5");
        run("numbers that are not finite", "x.csv", "1,2,NaN,4".getBytes(), "T1003", "x.csv:1:5");
        run("numbers beyond f32", "x.csv", "1,2,1e39,4".getBytes(), "T1003", "x.csv");
        run("too few numbers", "x.csv", "1,2,3".getBytes(), "T1002", "x.csv");
        run("thirty million numbers", "x.csv", "1\n".repeat(30_000_001).getBytes(), "T1002", "x.csv");
        run("a number of sixty million digits", "x.csv", "9".repeat(60_000_000).getBytes(), "T1001", "x.csv:1:1");
        run("numbers that are bytes", "x.csv", new byte[]{-1, -1, 0, 3}, "T1001", "x.csv");
    }

    private void labels() {
        String head = "model M(x: f32[4]) -> (y: f32[4]) {\n    labels y ";
        cases.add(new HostileCase.Builder(root, "labels outside").with("m.tern", head + "\"../l.txt\"\n    y = x\n}\n")
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "error[T", "m.tern:2:"));
        cases.add(new HostileCase.Builder(root, "labels that are a device")
                .with("m.tern", head + "\"l.txt\"\n    y = x\n}\n").withLink("l.txt", Path.of("/dev/zero"))
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "error[T", "m.tern:2:"));
        cases.add(new HostileCase.Builder(root, "labels without end")
                .with("m.tern", head + "\"l.txt\"\n    y = x\n}\n").with("l.txt", "a\n".repeat(20_000_000))
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "error[T", "m.tern:2:"));
        cases.add(new HostileCase.Builder(root, "labels that are too few")
                .with("m.tern", head + ": \"a\"\n    y = x\n}\n").refuse(List.of("compile", "@m.tern", "-o",
                        "@out.jar"), "T1006",
                        "m.tern:2:"));
    }

    private static byte[] header(int magic, int... dimensions) {
        ByteBuffer out = ByteBuffer.allocate(4 + 4 * dimensions.length).putInt(magic);
        for (int dimension : dimensions) {
            out.putInt(dimension);
        }
        return out.array();
    }

    private void set(String name, byte[] images, byte[] labels, String... expected) {
        cases.add(good(name).withFolder("data").with("data/t10k-images-idx3-ubyte.gz", images)
                .with("data/t10k-labels-idx1-ubyte.gz", labels)
                .refuse(List.of("eval", "@m.tern", "--data", "@data"), expected));
    }

    private void sets() {
        byte[] labels = gzip(header(0x801, 3), 0);
        set("a data set that says it is endless", gzip(header(0x803, Integer.MAX_VALUE, 28, 28), 0), labels, "T1007");
        set("a data set that says it is a GB long", gzip(header(0x803, 1_000_000, 32, 32), 1), labels, "T1007");
        set("a data set that goes on", gzip(header(0x803, 3, 2, 2), 100), labels, "T1007");
        set("a data set of other numbers", gzip(header(0x1234, 3, 2, 2), 1), labels, "T1007");
        set("a data set that is not packed", header(0x803, 3, 2, 2), labels, "T1007");
        set("a data set that is cut off", Arrays.copyOf(gzip(header(0x803, 3, 2, 2), 1), 30), labels, "T1007");
        set("an empty data set", new byte[0], new byte[0], "T1007");
        cases.add(good("no data set").refuse(List.of("eval", "@m.tern", "--data", "@data"), "T1007"));
    }

    private void training() {
        byte[] pixels = new byte[8 * 4];
        byte[] images = ByteBuffer.allocate(16 + pixels.length).put(header(0x803, 8, 2, 2)).put(pixels).array();
        byte[] labels = ByteBuffer.allocate(8 + 8).put(header(0x801, 8)).array();
        train("training that would write elsewhere", "../w.safetensors", images, labels, "T0507", "m.tern:2:");
        trainThrough("training that would write through a link", Path.of("..", "..", "w.safetensors"), "error[T050",
                "m.tern:2:");
        trainThrough("training that would write to the system", Path.of("/etc/hostname"), "T0507", "m.tern:2:");
        train("training on pictures that are cut off", "w.safetensors", Arrays.copyOf(images, 20), labels, "T1007");
        train("training on nothing", "w.safetensors", new byte[0], new byte[0], "T1007");
    }

    private void trainThrough(String name, Path link, String... expected) {
        cases.add(new HostileCase.Builder(root, name).withFolder("model")
                .with("model/m.tern", HostileParameters.model("w.safetensors")).withLink("model/w.safetensors", link)
                .refuse(List.of("train", "@model/m.tern", "--data", "@data"), expected));
    }

    private void train(String name, String parameters, byte[] images, byte[] labels, String... expected) {
        cases.add(new HostileCase.Builder(root, name).with("m.tern", HostileParameters.model(parameters))
                .withFolder("data").with("data/train-images-idx3-ubyte", images)
                .with("data/train-labels-idx1-ubyte", labels)
                .refuse(List.of("train", "@m.tern", "--data", "@data", "--held-out", "2", "--batch", "2"), expected));
    }

    private void outputs() {
        cases.add(good("an output that is a folder").withFolder("out.jar")
                .refuse(List.of("compile", "@m.tern", "-o", "@out.jar"), "T1008"));
        cases.add(good("an output below a file").with("out", "a file")
                .refuse(List.of("compile", "@m.tern", "-o", "@out/m.jar"), "T1008"));
        cases.add(good("an output below a device")
                .refuse(List.of("compile", "@m.tern", "-o", "/dev/null/m.jar"), "T1008"));
        cases.add(new HostileCase.Builder(root, "a wrong model over a good jar").with("m.tern", "model")
                .with("out.jar", "the jar of yesterday").refuse(List.of("compile", "@m.tern", "-o", "@out.jar"),
                        "T0003", "m.tern:1:"));
        cases.add(new HostileCase.Builder(root, "a wrong model to be formatted").with("m.tern", "model   M(")
                .refuse(List.of("fmt", "@m.tern"), "T0003", "m.tern:1:"));
    }
}
