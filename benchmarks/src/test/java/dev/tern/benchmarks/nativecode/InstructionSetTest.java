package dev.tern.benchmarks.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is read of a line of /proc/cpuinfo. */
class InstructionSetTest {
    @Test
    void blanksSeparateNamesHoweverManyThereAre() {
        assertThat(InstructionSet.AVX2.lacking("flags\t\t: fpu vme  pti        vmmcall   fma avx2 ")).isEmpty();
        assertThat(InstructionSet.AVX2.lacking("flags\t\t: fpu avx2 fma4")).contains("the processor lacks fma");
        assertThat(InstructionSet.AVX2.lacking("")).contains("the processor lacks avx2, fma");
    }
}
