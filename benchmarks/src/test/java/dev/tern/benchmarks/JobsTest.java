package dev.tern.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.contender.Contenders;
import dev.tern.benchmarks.contender.TernContender;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Jobs;
import dev.tern.benchmarks.measure.AgreementCheck;
import dev.tern.runtime.Variant;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every job in every contender that takes it: it runs, and computes what the compiled model does. */
class JobsTest {
    @TempDir
    private static Path workspace;

    /** Results are compared here; to wait until vector code is compiled would take minutes. */
    @BeforeAll
    static void runVectorCodeFromTheFirstCall() {
        int bits = Variant.ofThisJvm().vectorBits();
        System.setProperty(Variant.PROPERTY, bits == 0 ? "portable" : Integer.toString(bits));
    }

    @AfterAll
    static void chooseAsEver() {
        System.clearProperty(Variant.PROPERTY);
    }

    @Test
    void namesAreUnique() {
        Set<String> names = Jobs.all().stream().map(Job::name).collect(Collectors.toSet());
        assertThat(names).hasSameSizeAs(Jobs.all());
        assertThat(Jobs.named("dense-1x1024-1024-binary-sign").scheme()).isEqualTo("binary x sign");
    }

    @Test
    void eachShapeOfTheTablesHasOneReference() {
        var shapes = Jobs.all().stream().filter(job -> !job.group().equals("quantize and pack")).map(Job::shape)
                .distinct().toList();
        assertThat(Jobs.all().stream().filter(Job::reference).map(Job::shape)).containsExactlyElementsOf(shapes);
    }

    @TestFactory
    Stream<DynamicNode> contendersAgree() {
        return Jobs.all().stream().flatMap(job -> {
            float[][] expected = new float[1][];
            return Contenders.all().stream().filter(contender -> contender.takes(job)).map(contender -> DynamicTest
                    .dynamicTest(job + " " + contender.name(), () -> {
                        Optional<String> missing = contender.missing();
                        assumeTrue(missing.isEmpty(), () -> missing.orElseThrow());
                        JobParameters parameters = JobParameters.of(job);
                        if (expected[0] == null) {
                            expected[0] = result(new TernContender(), job, parameters);
                        }
                        assertThat(AgreementCheck.fault(contender.agreement(), expected[0],
                                result(contender, job, parameters))).isEmpty();
                    }));
        });
    }

    /** Of the second run, so that nothing of the first is in its way. */
    private static float[] result(Contender contender, Job job, JobParameters parameters) throws Exception {
        try (Call call = contender.prepare(job, parameters, workspace)) {
            call.run();
            call.run();
            return call.result().clone();
        }
    }
}
