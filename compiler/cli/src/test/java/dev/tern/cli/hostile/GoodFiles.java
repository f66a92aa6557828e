package dev.tern.cli.hostile;

import static dev.tern.cli.hostile.BinaryFiles.floats;
import static dev.tern.cli.hostile.BinaryFiles.npy;
import static dev.tern.cli.hostile.BinaryFiles.png;
import static dev.tern.cli.hostile.BinaryFiles.safetensors;
import static dev.tern.cli.hostile.BinaryFiles.tensor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small model of many parts, with everything that commands on it read. */
public final class GoodFiles {
    private static final String MODEL = """
            /// A reader of tiny pictures.
            block Part(x: f32[h, w, c], channels: int, stride: int = 1) -> (y: f32[_, _, channels]) {
                inner    = x |> conv(channels, 3x3, stride: stride) |> batchnorm |> relu
                shortcut = x |> conv(channels, 1x1, stride: stride) if stride != 1 or c != channels
                y        = relu(inner + shortcut)
            }

            model Small(image: f32[4, 4, 1]) -> (scores: f32[2], best: f32[2]) {
                parameters "small.safetensors"
                default weights: ternary(twn), activations: dynamic(4)
                budget flash: 40 KiB, ram: 2 MiB
                labels scores: "cat", "dog"
                labels best "labels.txt"

                body   = image |> Part(2, stride: 2) |> quantize(static(3, 0..1.5))
                scores = body |> flatten |> dense(2, weights: int(4), activations: dynamic(3)) |> repeat(1, bias)
                best   = softmax(2 * scores - 0.5 * scores) |> clip(0..1)
            }
            """;

    private GoodFiles() {
    }

    /** The files by name. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("small.tern", MODEL.getBytes(StandardCharsets.UTF_8));
        files.put("small.safetensors", parameters());
        files.put("labels.txt", "cat\ndog\n".getBytes(StandardCharsets.UTF_8));
        files.put("x.png", png(4, 4, 1));
        files.put("x.npy", npy("<f4", "(4, 4, 1)", floats(ramp(16))));
        files.put("x.csv", "a,b\n1,2,3,4\n5 6 7 8\n-1;-2;-3;-4\n0.5,1e-3,.5,6\n".getBytes(StandardCharsets.UTF_8));
        files.put("x.bin", floats(ramp(16)));
        files.put("t10k-images-idx3-ubyte",
                ByteBuffer.allocate(16 + 48).putInt(0x803).putInt(3).putInt(4).putInt(4).array());
        files.put("t10k-labels-idx1-ubyte", ByteBuffer.allocate(8 + 3).putInt(0x801).putInt(3).put((byte) 1).array());
        return files;
    }

    /** A command that reads that file; {@code @} stands for the folder. */
    public static List<String> command(String file) {
        String input = file.startsWith("x.") ? file : "x.npy";
        return file.startsWith("t10k")
                ? List.of("eval", "@small.tern", "--data", "@")
                : List.of("run", "@small.tern", "--input", "@" + input);
    }

    private static byte[] parameters() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("body.inner.conv.weight:[2,3,3,1]", 18);
        for (String vector : List.of("gamma", "beta", "mean", "variance")) {
            sizes.put("body.inner.batchnorm." + vector + ":[2]", 2);
        }
        sizes.put("body.shortcut.conv.weight:[2,1,1,1]", 2);
        sizes.put("scores.dense.weight:[2,8]", 16);
        sizes.put("scores.0.bias.bias:[2]", 2);
        StringBuilder header = new StringBuilder();
        int total = 0;
        for (Map.Entry<String, Integer> entry : sizes.entrySet()) {
            String[] parts = entry.getKey().split(":");
            header.append(total == 0 ? '{' : ',').append(
                    tensor(parts[0], "F32", parts[1], 4L * total, 4L * (total + entry.getValue())));
            total += entry.getValue();
        }
        float[] values = new float[total];
        for (int i = 0; i < total; i++) {
            values[i] = (i % 5 + 1) / 4f;
        }
        return safetensors(header + "}", floats(values));
    }

    private static float[] ramp(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i * 7 % 11 - 5) / 4f;
        }
        return values;
    }
}
