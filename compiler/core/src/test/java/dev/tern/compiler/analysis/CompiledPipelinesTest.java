package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.analysis.parameters.RandomParameters;
import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.syntax.SyntaxReader;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** From text to class: random pipelines compute the same bits as the interpreter, or are refused as not lowered. */
class CompiledPipelinesTest {
    private static final int COMPILED = Integer.getInteger("tern.pipelines", 60);

    @Test
    void theClassComputesWhatTheTextMeans() {
        SplittableRandom random = new SplittableRandom(11);
        int compiled = 0;
        while (compiled < COMPILED) {
            String text = MutatedModelsTest.pipeline(random);
            Diagnostics diagnostics = new Diagnostics();
            Optional<AnalyzedModel> model = Analyzer
                    .analyze(SyntaxReader.read(new SourceFile("m.tern", text), diagnostics), diagnostics);
            try {
                compiled += model.isPresent() && sameBits(model.get(), random) ? 1 : 0;
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError("compiled " + compiled + ", then\n" + text, e);
            }
        }
    }

    /** Whether it was compiled; a model with ops that are not lowered is not. */
    private static boolean sameBits(AnalyzedModel model, SplittableRandom random) {
        Graph graph = ParameterBinder
                .bind(model.graph(), new RandomParameters(model.graph(), 3), new Diagnostics()).orElseThrow();
        Compilation compilation;
        try {
            compilation = Compilation.of(graph, model.layers());
        } catch (CompilationFailedException e) {
            assertThat(e.diagnostics()).extracting(Diagnostic::code).containsOnly(DiagnosticCode.NOT_LOWERED);
            return false;
        }
        List<Tensor> inputs = graph.nodes().stream().filter(n -> n.operation() instanceof Operation.Input)
                .map(Node::type).map(type -> input(type, random)).toList();
        assertThat(ClassResults.run(compilation.program(), inputs)).isEqualTo(GraphInterpreter.run(graph, inputs));
        return true;
    }

    private static Tensor input(TensorType type, SplittableRandom random) {
        int elements = type.shape().elements();
        if (type.element() instanceof ElementType.Code code) {
            return new Tensor.Integers(type.shape(),
                    random.ints(elements, code.lowest(), code.highest() + 1).toArray());
        }
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            // Few different values, so that ties and zeros occur.
            values[i] = random.nextInt(-64, 65) / 32f;
        }
        return new Tensor.Floats(type.shape(), values);
    }
}
