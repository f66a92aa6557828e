package dev.tern.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.evaluation.LabelledExamples;
import dev.tern.quantizer.evaluation.NumberErrors;
import dev.tern.quantizer.task.Evaluation;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The trained models of the zoo: on test examples the compiled class gives the trained network's answers, to the bit.
 */
class CommittedModelsTest {
    private static final Path MODELS = Path.of(System.getProperty("tern.root"), "models");
    private static final int EXAMPLES = 200;

    @ParameterizedTest
    @CsvSource({"digits/digits, mnist", "digits-binary/digits-binary, mnist", "tinymlp/tinymlp, mnist",
        "mlp/tfc-ternary, mnist", "mlp/sfc-ternary, mnist",
        "mlp/sfc, mnist", "mlp/lfc, mnist", "fashion/fashion, fashion", "fashion/fashion-binary, fashion",
        "cifar/cifar, cifar10", "cifar/cifar-binary, cifar10",
        "spoken-digits/spoken-digits, audio/free-spoken-digits.zip",
        "spoken-digits/spoken-digits-binary, audio/free-spoken-digits.zip", "anomaly/nab, series/numenta-nab.zip",
        "anomaly/nab-binary, series/numenta-nab.zip", "tabular/banknotes, tabular/banknote_authentication.csv",
        "tabular/banknotes-binary, tabular/banknote_authentication.csv", "tabular/ionosphere, tabular/ionosphere.csv",
        "tabular/ionosphere-binary, tabular/ionosphere.csv"})
    void theClassAnswersAsTheTrainedNetworkDoes(String name, String data) {
        Path path = data().resolve(data);
        assumeTrue(Files.exists(path), "there is no " + path + "; say where the data is with -Dtern.data=DIR");
        Path file = MODELS.resolve(name + ".tern");
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        Graph graph = model.graph();
        Graph bound = ModelReader.bind(model, file, diagnostics);
        Dataset all = Datasets.read(path, DatasetRequest.of(DatasetRequest.Part.TEST)
                .fitting(graph.definitions().get(graph.inputs().getFirst()).type().shape()));
        int stride = Math.max(1, all.count() / EXAMPLES);
        Dataset some = all.select(IntStream.range(0, all.count() / stride).map(i -> i * stride).toArray());
        CompiledModel compiled = Compilation.of(bound, model.layers()).model();
        Session session = compiled.newSession();
        Object[] outputs = session.newOutputs(1);
        TrainedAnswers.of(graph, FloatParameters.of(graph, bound), some, (example, answer) -> {
            session.run(LabelledExamples.inputs(compiled.signature().inputs(), some, example), outputs);
            assertThat(answer).as("example %d", example).containsExactly((float[]) outputs[0]);
        });
    }

    /** Of a model that predicts noise: the mean square of what the compiled class is wrong by. */
    @Test
    void digitsAreToldFromNoise() {
        Path path = data().resolve("mnist");
        assumeTrue(Files.exists(path), "there is no " + path + "; say where the data is with -Dtern.data=DIR");
        assertThat(error(Evaluation.of(MODELS.resolve("unet/unet.tern")).data(path).resizing(true)
                .examples("0..99"))).isCloseTo(0.0779816, within(1e-6));
    }

    @Test
    void pointsAreToldFromNoise(@TempDir Path folder) throws IOException {
        Path path = data().resolve("lm/DatasaurusDozen.tsv");
        assumeTrue(Files.exists(path), "there is no " + path + "; say where the data is with -Dtern.data=DIR");
        List<String> points = Files.readAllLines(path).stream().map(line -> line.split("\t"))
                .filter(cells -> cells[0].equals("dino")).map(cells -> String.format(Locale.ROOT, "%.4f,%.4f",
                        (Double.parseDouble(cells[1]) - 54) / 17, (Double.parseDouble(cells[2]) - 48) / 27))
                .toList();
        assertThat(points).hasSize(142);
        assertThat(error(Evaluation.of(MODELS.resolve("denoiser/denoiser.tern"))
                .data(Files.write(folder.resolve("dino.csv"), points)))).isCloseTo(0.4738, within(1e-4));
    }

    private static double error(Evaluation evaluation) {
        return ((NumberErrors) evaluation.run().compiled()).mean();
    }

    private static Path data() {
        String beside = Path.of(System.getProperty("tern.root"), "..", "shared", "data").toString();
        return Stream.of(System.getProperty("tern.data"), System.getenv("TERN_DATA"), beside)
                .filter(Objects::nonNull).filter(folder -> !folder.isEmpty()).findFirst().map(Path::of).orElseThrow();
    }
}
