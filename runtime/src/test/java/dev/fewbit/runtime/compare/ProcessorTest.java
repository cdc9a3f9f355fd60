package dev.fewbit.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTest {

    @Test
    void readsIntelAndAmd() {
        String text =
                """
                processor\t: 0
                model name\t: Some CPU @ 2 GHz
                physical id\t: 0
                core id\t\t: 0
                flags\t\t: fpu avx2 avx512f avx512_vnni avx_vnni amx_int8 sse
                processor\t: 1
                model name\t: Some CPU @ 2 GHz
                physical id\t: 0
                core id\t\t: 0
                flags\t\t: fpu avx2
                processor\t: 2
                physical id\t: 0
                core id\t\t: 1
                """;
        Processor processor = Processor.parse(text, "amd64", 3);
        assertThat(processor.describe())
                .isEqualTo("Some CPU @ 2 GHz (AVX2, AVX-512, AVX512-VNNI, AVX-VNNI, AMX-INT8)");
        assertThat(processor.cores()).isEqualTo(2);
        assertThat(Processor.parse(text, "amd64", 1).cores()).isEqualTo(1);
    }

    @Test
    void readsArm() {
        Processor processor =
                Processor.parse("processor : 0\nFeatures : fp asimd asimddp i8mm\n", "aarch64", 4);
        assertThat(processor.describe()).isEqualTo("aarch64 (NEON dot product, I8MM)");
        assertThat(processor.cores()).isEqualTo(4);
    }

    @Test
    void knowsThisOne() {
        assertThat(Processor.current().cores()).isPositive();
        assertThat(Processor.current().name()).isNotBlank();
    }
}
