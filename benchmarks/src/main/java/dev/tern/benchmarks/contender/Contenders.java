package dev.tern.benchmarks.contender;

import dev.tern.benchmarks.nativecode.InstructionSet;
import dev.tern.benchmarks.nativecode.NativeContender;
import dev.tern.benchmarks.onnx.OnnxContender;
import java.util.List;

/** All contenders. */
public final class Contenders {
    private Contenders() {
    }

    /** In the order of the report. */
    public static List<Contender> all() {
        return List.of(new TernContender(), new NativeContender(InstructionSet.AVX512),
                new NativeContender(InstructionSet.AVX2), new OnnxContender(OnnxContender.Form.F32),
                new OnnxContender(OnnxContender.Form.DYNAMIC_INT8),
                new OnnxContender(OnnxContender.Form.QLINEAR_CONV), new OnnxContender(OnnxContender.Form.TWO_BITS));
    }

    /**
     * The contender of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Contender named(String name) {
        return all().stream().filter(contender -> contender.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender is named " + name));
    }
}
