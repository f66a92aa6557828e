package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.foreign.SmallOnnx;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    @TempDir
    private Path folder;

    private Path model() throws IOException {
        return SmallOnnx.write(folder.resolve("small.onnx"), "ReduceSum");
    }

    @Test
    void saysWhatItFoundAndWritesIt() throws IOException {
        Invocation done = Invocation.of("import", model(), "-o", folder.resolve("out"));
        assertThat(done.err()).isEmpty();
        assertThat(done.out()).isEqualTo("""
                model Small
                  From small.onnx: ONNX, opset 12, by hand.

                layer          op        shape      weights  activations  parameters
                mix.conv       conv      [1, 2, 2]  float    float                 6
                mix.reshape    reshape   [2, 2]                                    -
                mix.avgpool    avgpool   [2]                                       -
                sums.multiply  multiply  [2]                                       -
                together                                                           6

                input  picture[1, 2, 2], in the file picture[1, 2, 1, 2], axes [2, 3, 1]
                output sums[2], in the file sums[1, 2]
                wrote %1$s/out/small.tern
                wrote %1$s/out/small.safetensors
                """.formatted(folder));
        assertThat(done.exitCode()).isZero();
        // [h, w, c]: the pixels (1, 2) and (3, 4).
        Path input = Files.writeString(folder.resolve("input.csv"), "1, 2, 3, 4");
        for (Path file : new Path[]{folder.resolve("small.onnx"), folder.resolve("out/small.tern")}) {
            Invocation run = Invocation.of("run", file, "--input", input, "--json");
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("65.0", "-4.0");
        }
        assertThat(Invocation.of("check", folder.resolve("small.onnx")).exitCode()).isZero();
    }

    private Path expected(float sum) throws IOException {
        return Files.write(folder.resolve("data.safetensors"), SafetensorsWriter.bytes(Map.of("picture",
                new Tensor.Floats(Shape.of(1, 2, 1, 2), new float[]{1, 3, 2, 4}), "sums",
                new Tensor.Floats(Shape.of(1, 2), new float[]{sum, -4}))));
    }

    @Test
    void comparesWithGivenOutputs() throws IOException {
        Invocation alike = Invocation.of("import", model(), "--check", expected(65));
        assertThat(alike.out()).endsWith("check  sums: greatest difference 0.00 (0.00 of the greatest number), "
                + "greatest entry alike in 1 of 1\n");
        assertThat(alike.exitCode()).isZero();
        Invocation apart = Invocation.of("import", model(), "--check", expected(66));
        assertThat(apart.out()).contains("TOO FAR APART");
        assertThat(apart.exitCode()).isEqualTo(ExitCode.WRONG_MODEL);
    }

    @Test
    void comparesWithOnnxRuntimeWhereTheFileHasNoOutputs() throws IOException {
        Path inputs = Files.write(folder.resolve("inputs.safetensors"), SafetensorsWriter.bytes(Map.of("picture",
                new Tensor.Floats(Shape.of(2, 2, 1, 2), new float[]{1, 3, 2, 4, 0, 0, 1, -1}))));
        Path digits = folder.resolve("digits.onnx");
        assertThat(Invocation.of("export", Path.of(System.getProperty("tern.root"), "models", "tinymlp"), "-o", digits,
                "--codes").exitCode()).isZero();
        float[] pixels = new float[2 * 784];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % 7 / 7f;
        }
        Path images = Files.write(folder.resolve("images.safetensors"), SafetensorsWriter.bytes(Map.of("image",
                new Tensor.Floats(Shape.of(2, 784), pixels))));
        Invocation alike = Invocation.of("import", digits, "--check", images);
        assertThat(alike.err()).isEmpty();
        assertThat(alike.out()).contains("greatest entry alike in 2 of 2");
        Invocation without = Invocation.of("import", digits, "--check", inputs);
        assertThat(without.err()).contains("the file holds no array `image`, an input of the model");
    }

    @Test
    void refusesToCheckByExamplesOfAnotherShape() throws IOException {
        Path other = Files.write(folder.resolve("other.safetensors"), SafetensorsWriter.bytes(Map.of("picture",
                new Tensor.Floats(Shape.of(2, 1, 2, 4), new float[16]), "sums",
                new Tensor.Floats(Shape.of(4, 2), new float[8]))));
        assertThat(Invocation.of("import", model(), "--check", other).err()).contains("""
                error[T1002]: `picture` has the shape [2, 1, 2, 4], the model's is [1, 2, 1, 2]
                """);
    }

    @Test
    void namesWhatItLacks() throws IOException {
        Path file = SmallOnnx.write(folder.resolve("lacking.onnx"), "NonMaxSuppression");
        Invocation refused = Invocation.of("import", file);
        assertThat(refused.err()).isEqualTo("""
                error[T0703]: `sum`: Tern does not have the operator NonMaxSuppression
                 --> %s, node sum
                  = help: cut the model in front of it, and choose among its boxes in Java
                """.formatted(file));
        assertThat(refused.exitCode()).isEqualTo(ExitCode.WRONG_MODEL);
    }

    @Test
    void schemesAndShapesAreChecked() throws IOException {
        Invocation misspelt = Invocation.of("import", model(), "--weights", "ternery");
        assertThat(misspelt.err()).contains("ternery");
        assertThat(misspelt.exitCode()).isEqualTo(ExitCode.WRONG_MODEL);
        Invocation shape = Invocation.of("import", model(), "--shape", "picture=1,x");
        assertThat(shape.err()).contains("sizes are whole numbers over 0");
        assertThat(shape.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
        Invocation unknown = Invocation.of("import", model(), "--shape", "image=1,2,1,2");
        assertThat(unknown.err()).startsWith("error[T0704]: the model has no input `image`");
    }
}
