package dev.tern.benchmarks.nativecode;

import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import java.nio.file.Path;
import java.util.Optional;

/** The same whole job in C, called through the foreign function interface. */
public record NativeContender(InstructionSet isa) implements Contender {
    @Override
    public String name() {
        return isa.id();
    }

    @Override
    public String description() {
        return "C with intrinsics, `cc -O3 " + isa.flag() + "`" + CCompiler.version().map(v -> " (" + v + ")").orElse(
                "")
                + ", called through the foreign function interface on memory outside the heap; the whole job";
    }

    @Override
    public Optional<String> missing() {
        return isa.lacking().or(() -> CCompiler.version().isPresent()
                ? Optional.empty()
                : Optional.of("there is no C compiler `cc`"));
    }

    @Override
    public int vectorBits() {
        return isa.bits();
    }

    @Override
    public boolean takes(Job job) {
        return job.weights().low();
    }

    @Override
    public Agreement agreement() {
        return Agreement.EXACT;
    }

    @Override
    public boolean compiledByJvm() {
        return false;
    }

    @Override
    public Call prepare(Job job, JobParameters parameters, Path workspace) throws Exception {
        return NativeLayer.of(job, parameters, CCompiler.library(isa, workspace));
    }
}
