package dev.tern.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.benchmarks.contender.Contender.Agreement;
import org.junit.jupiter.api.Test;

class AgreementCheckTest {
    private static final float[] EXPECTED = {1, -2, 3, 0.5f};

    @Test
    void exactMeansEveryBit() {
        assertThat(AgreementCheck.fault(Agreement.EXACT, EXPECTED, EXPECTED.clone())).isEmpty();
        assertThat(AgreementCheck.fault(Agreement.EXACT, EXPECTED, new float[]{1, -2, 3, Math.nextUp(0.5f)}))
                .hasValueSatisfying(fault -> assertThat(fault).contains("at 3"));
    }

    @Test
    void correlatedMeansTheSameCourse() {
        assertThat(AgreementCheck.fault(Agreement.CORRELATED, EXPECTED, new float[]{10, -19, 31, 5})).isEmpty();
        assertThat(AgreementCheck.fault(Agreement.CORRELATED, EXPECTED, new float[]{1, 2, -3, 0.5f})).isPresent();
        assertThat(AgreementCheck.fault(Agreement.CORRELATED, EXPECTED, new float[4])).isPresent();
    }

    @Test
    void lengthsAreTheSame() {
        assertThat(AgreementCheck.fault(Agreement.EXACT, EXPECTED, new float[3])).isPresent();
    }
}
