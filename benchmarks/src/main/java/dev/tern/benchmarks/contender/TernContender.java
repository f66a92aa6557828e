package dev.tern.benchmarks.contender;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobFolder;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.file.Path;

/** The job compiled into this JVM. */
public final class TernContender implements Contender {
    @Override
    public String name() {
        return "tern";
    }

    @Override
    public String description() {
        HostTarget host = HostTarget.find();
        return "the model compiled into the JVM, `session.run(input, output)`; code: " + host.target() + " ("
                + host.reason() + "), if it is measured faster than plain loops";
    }

    @Override
    public boolean takes(Job job) {
        return true;
    }

    @Override
    public Agreement agreement() {
        return Agreement.EXACT;
    }

    @Override
    public boolean compiledByJvm() {
        return true;
    }

    @Override
    public Call prepare(Job job, JobParameters parameters, Path workspace) throws IOException {
        CompiledModel model = Compilation.of(JobFolder.model(job, parameters, workspace)).model();
        model.warm();
        Session session = model.newSession();
        return new Inference(session, parameters.input(), new float[job.shape().pixels() * job.shape().outputs()]);
    }

    private record Inference(Session session, float[] input, float[] result) implements Call {
        @Override
        public void run() {
            session.run(input, result);
        }
    }
}
