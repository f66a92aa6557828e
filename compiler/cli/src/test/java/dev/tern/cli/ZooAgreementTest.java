package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.runtime.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trained models: the compiled class gives the oracle's bits. */
class ZooAgreementTest {
    private static final Path MODELS = Path.of(System.getProperty("tern.root"), "models");
    private static final int PICTURES = 40;

    @ParameterizedTest
    @ValueSource(strings = {"digits", "tinymlp", "keyword-spotting"})
    void theClassGivesTheBitsOfTheOracle(String name) {
        Compilation compilation = Compilation.of(MODELS.resolve(name).resolve(name + ".tern"));
        Graph graph = compilation.graph();
        Shape shape = graph.definitions().get(graph.inputs().getFirst()).type().shape();
        Session session = compilation.model().newSession();
        Random random = new Random(17);
        for (int i = 0; i < PICTURES; i++) {
            float[] picture = picture(shape.elements(), random);
            Tensor expected = GraphInterpreter.run(graph, List.of(new Tensor.Floats(shape, picture))).getFirst();
            assertThat(new Tensor.Floats(expected.shape(), session.run(picture))).as("picture %d", i)
                    .isEqualTo(expected);
        }
    }

    /** Mostly background, with grey levels as files hold them. */
    private static float[] picture(int pixels, Random random) {
        float[] picture = new float[pixels];
        float ink = random.nextFloat();
        for (int i = 0; i < pixels; i++) {
            picture[i] = random.nextFloat() < ink * ink ? random.nextInt(256) / 255f : 0;
        }
        return picture;
    }
}
