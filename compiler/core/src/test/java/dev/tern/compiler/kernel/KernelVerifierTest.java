package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelModels.Activations;
import dev.tern.compiler.kernel.KernelModels.Weights;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.ChooseSchedules;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.pass.PackWeights;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A sound program, broken in one way after the other: the verifier says what was broken. */
class KernelVerifierTest {
    private static final CostModel.Choice POPCOUNT = CostModel.Choice.preferring(Family.POPCOUNT);
    private static final KernelProgram LOWERED = lowered();
    private static final KernelProgram PLANNED = KernelPasses.standard(POPCOUNT).run(LOWERED,
            new Diagnostics(), PassObserver.none());

    private static KernelProgram lowered() {
        KernelModels models = new KernelModels(1);
        ValueId x = models.at("conv").input("x", 4, 4, 5);
        Geometry same = new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
        ValueId y = ProductLoweringTest.conv(models, x, Activations.MINMAX3, Weights.TERNARY, same, 1, Padding.ZERO, 7);
        models.output("y", models.affine(y));
        KernelProgram scheduled = new ChooseSchedules(POPCOUNT).apply(Lower.lower(models.build(), Target.PORTABLE),
                new Diagnostics());
        return new PackWeights().apply(scheduled, new Diagnostics());
    }

    @Test
    void soundProgramsPass() {
        assertThat(KernelVerifier.verify(LOWERED)).isEmpty();
        assertThat(KernelVerifier.verify(PLANNED)).isEmpty();
    }

    @Test
    void buffersOutOfPlace() {
        List<Buffer> buffers = new ArrayList<>(LOWERED.buffers());
        buffers.add(buffers.removeFirst());
        assertThat(KernelVerifier.verify(LOWERED.withBuffers(buffers))).contains("buffer b1 stands at index 0",
                "buffer b0 stands at index " + (buffers.size() - 1));
    }

    @Test
    void kernelsOutOfOrderReadWhatIsNotWritten() {
        List<Kernel> kernels = new ArrayList<>(LOWERED.kernels());
        Kernel last = kernels.removeLast();
        kernels.addFirst(last);
        assertThat(KernelVerifier.verify(LOWERED.withKernels(kernels)))
                .containsExactly("kernel '" + last.name() + "' reads "
                        + KernelAccess.of(last).reads().getFirst() + " before it is written");
    }

    @Test
    void missingKernelsLeaveAnOutputUnwritten() {
        List<Kernel> kernels = LOWERED.kernels().subList(0, LOWERED.kernels().size() - 1);
        assertThat(KernelVerifier.verify(LOWERED.withKernels(kernels)))
                .containsExactly("output 'y' is never written");
    }

    @Test
    void namesThatOccurTwice() {
        List<Kernel> kernels = new ArrayList<>(LOWERED.kernels());
        kernels.add(kernels.getLast());
        assertThat(KernelVerifier.verify(LOWERED.withKernels(kernels)))
                .containsExactly("kernel '" + kernels.getLast().name() + "' occurs twice");
    }

    @Test
    void idsOfNothing() {
        assertThat(broken("conv_affine", k -> k.withEpilogue(
                List.of(new Step.Affine(new ConstantId(99), new ConstantId(0)),
                        new Step.StorePlain(new BufferId(77), 7, 0)))))
                .containsExactly("'conv_affine': no buffer b77", "kernel 'conv_affine': no constant w99");
    }

    @Test
    void epiloguesThatLeadNowhere() {
        assertThat(broken("conv_rescale", k -> k.withEpilogue(k.epilogue().subList(0, 2))))
                .contains("kernel 'conv_rescale': the epilogue does not end in a store");
    }

    @Test
    void valuesOfTheWrongKind() {
        // Without the conversion an accumulator is rescaled, and stored where f32 is wanted.
        assertThat(broken("conv_rescale", k -> k.withEpilogue(k.epilogue().subList(1, k.epilogue().size()))))
                .containsExactly("kernel 'conv_rescale': Rescale of i32");
        assertThat(broken("conv_quantize",
                k -> k.withEpilogue(List.of(new Step.Activation(ElementFunction.RELU), k.epilogue().getLast()))))
                .hasSize(1).first().asString().contains("lies in I8, wanted F32");
    }

    @Test
    void constantsOfTheWrongLength() {
        assertThat(broken("conv_affine", k -> {
            Step.Affine affine = (Step.Affine) k.epilogue().getFirst();
            ConstantId weights = ((Producer.PopcountProduct) kernel("conv").producer()).weights();
            return k.withEpilogue(List.of(new Step.Affine(affine.scale(), weights), k.epilogue().getLast()));
        })).containsExactly("kernel 'conv_affine': w3 holds Longs, wanted Floats",
                "kernel 'conv_affine': w3 has 14 elements, wanted 7");
    }

    @Test
    void codesOfTheWrongType() {
        assertThat(broken("conv_pack", k -> {
            Producer.Load load = (Producer.Load) k.producer();
            Producer signed = new Producer.Load(load.input(), ValueKind.of(ElementType.TERNARY), load
                    .rows(),
                    load.channels());
            return new PixelKernel(k.name(), k.origin(), signed, k.epilogue(), k.schedule());
        })).hasSize(1).first().asString().endsWith("holds u3, stored s2");
    }

    @Test
    void storesOutsideOfABuffer() {
        assertThat(broken("conv_affine", k -> {
            BufferId output = ((Step.Store) k.epilogue().getLast()).output();
            return k.withEpilogue(List.of(k.epilogue().getFirst(), new Step.StorePlain(output, 7, 1)));
        })).hasSize(1).first().asString().contains("stores to outside of");
    }

    @Test
    void copiesOutsideOfABuffer() {
        BufferId output = LOWERED.outputs().getFirst().buffer();
        List<Kernel> kernels = new ArrayList<>(LOWERED.kernels());
        Origin origin = kernels.getFirst().origin();
        kernels.add(new Kernel.StridedCopy("copy", origin, new BufferId(0), output, List.of(16, 7), List.of(5, 1), 0,
                List.of(7, 1), 1));
        assertThat(KernelVerifier.verify(LOWERED.withKernels(kernels))).containsExactly(
                "kernel 'copy': copies from outside of b0", "kernel 'copy': copies to outside of " + output);
    }

    @Test
    void buffersThatShareMemoryTooEarly() {
        List<String> offences = KernelVerifier.verify(
                PLANNED.withBuffers(PLANNED.buffers().stream().map(b -> b.at(0)).toList()));
        assertThat(offences).contains("buffers b0 and b1 share memory while both are needed");
        assertThat(offences).hasSizeGreaterThan(1);
    }

    @Test
    void buffersWithoutAPlaceInAPlannedProgram() {
        List<Buffer> buffers = new ArrayList<>(PLANNED.buffers());
        buffers.set(1, buffers.get(1).at(-1));
        assertThat(KernelVerifier.verify(PLANNED.withBuffers(buffers)))
                .contains("buffer b1 has no place in the arena");
    }

    private static PixelKernel kernel(String name) {
        return (PixelKernel) LOWERED.kernels().stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<String> broken(String name, UnaryOperator<PixelKernel> change) {
        List<Kernel> kernels = new ArrayList<>(LOWERED.kernels());
        kernels.set(kernels.indexOf(kernel(name)), change.apply(kernel(name)));
        return KernelVerifier.verify(LOWERED.withKernels(kernels));
    }
}
