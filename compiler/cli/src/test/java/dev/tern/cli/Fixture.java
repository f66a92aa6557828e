package dev.tern.cli;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A model small enough to compute by hand: which of the four pixels of a 2x2 picture is the brightest. */
final class Fixture {
    static final String TEXT = """
            /// Finds the brightest pixel.
            model Brightest(image: f32[2, 2, 1]) -> (place: f32[3]) {
                parameters "brightest.safetensors"
                labels place: "top left", "top right", "below"

                place = image |> flatten |> dense(3, weights: int(8), activations: static(8, 0..1))
            }
            """;

    private Fixture() {
    }

    /** Writes {@code brightest.tern} with its parameters. */
    static Path model(Path folder) throws IOException {
        parameters(folder.resolve("brightest.safetensors"), 1);
        return Files.writeString(folder.resolve("brightest.tern"), TEXT);
    }

    /** Writes the parameters, every weight {@code factor} times what it should be. */
    static void parameters(Path file, float factor) throws IOException {
        float[] weights = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0.5f, 0.5f};
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= factor;
        }
        Files.write(file, SafetensorsWriter.bytes(Map.of("place.dense.weight", new Tensor.Floats(Shape.of(3, 4),
                weights))));
    }

    /** Writes an input: the top right pixel is white, one below is grey. */
    static Path input(Path folder) throws IOException {
        return Files.writeString(folder.resolve("input.csv"), "0, 1, 0.5, 0\n");
    }
}
