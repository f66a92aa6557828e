package dev.tern.benchmarks.contender;

import dev.tern.benchmarks.nativecode.InstructionSet;
import dev.tern.benchmarks.nativecode.NativeContender;
import dev.tern.benchmarks.onnx.OnnxContender;
import dev.tern.benchmarks.peers.Nd4jContender;
import dev.tern.benchmarks.peers.RowsContender;
import dev.tern.benchmarks.portable.PortableContender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All contenders. */
public final class Contenders {
    private Contenders() {
    }

    /** In the order of the report. */
    public static List<Contender> all() {
        List<Contender> all = new ArrayList<>();
        all.add(new TernContender());
        Arrays.stream(PortableContender.Form.values()).map(PortableContender::new).forEach(all::add);
        Arrays.stream(InstructionSet.values()).map(NativeContender::new).forEach(all::add);
        Arrays.stream(OnnxContender.Form.values()).map(OnnxContender::new).forEach(all::add);
        Arrays.stream(RowsContender.Form.values()).map(RowsContender::new).forEach(all::add);
        all.add(new Nd4jContender());
        return List.copyOf(all);
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
