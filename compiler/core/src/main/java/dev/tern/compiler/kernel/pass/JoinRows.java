package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;

/** Takes what an elementwise kernel loads as one row where its steps treat all channels alike: one long loop. */
public final class JoinRows implements KernelPass {
    @Override
    public String summary() {
        return "run elementwise kernels over all elements as one row";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        return program.withKernels(program.kernels().stream().map(kernel -> joined(program, kernel)).toList());
    }

    private static Kernel joined(KernelProgram program, Kernel kernel) {
        if (!(kernel instanceof Kernel.PixelKernel pixel) || pixel.producer().rows() == 1) {
            return kernel;
        }
        int elements = pixel.producer().rows() * pixel.producer().channels();
        Producer producer = switch (pixel.producer()) {
            case Producer.Load p -> new Producer.Load(p.input(), p.elements(), 1, elements);
            case Producer.LoadConstant p -> new Producer.LoadConstant(p.constant(), p.elements(), 1, elements);
            case Producer.PackedProduct p -> p;
            case Producer.MultiplyProduct p -> p;
            case Producer.TileProduct p -> p;
            case Producer.Pool p -> p;
        };
        return new RowView(program, pixel.producer(), producer).of(pixel.epilogue())
                .<Kernel>map(steps -> new Kernel.PixelKernel(pixel.name(), pixel.origin(), producer, steps,
                        pixel.schedule()))
                .orElse(pixel);
    }
}
