package dev.fewbit.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AffineTest {

    @Test
    void codesUseTheWholeRangeOfTheirWidth() {
        for (int bits = 1; bits <= 16; bits++) {
            Affine signed = new Affine(bits, true, true);
            Affine unsigned = new Affine(bits, false, true);
            assertThat(signed.qmax() - signed.qmin() + 1).isEqualTo(1 << bits);
            assertThat(unsigned.qmax() - unsigned.qmin() + 1).isEqualTo(1 << bits);
            assertThat(signed.qmin()).isEqualTo(-(1 << (bits - 1)));
            assertThat(unsigned.qmin()).isZero();
            assertThat(unsigned.middle() - signed.middle()).isEqualTo(1 << (bits - 1));
        }
        assertThat(new Affine(8, true, false).qmin()).isEqualTo(-128);
        assertThat(new Affine(8, true, false).qmax()).isEqualTo(127);
        assertThat(new Affine(16, false, false).qmax()).isEqualTo(65535);
    }

    @Test
    void labelsAreTheUsualNames() {
        assertThat(new Affine(8, true, true).label()).isEqualTo("int8");
        assertThat(new Affine(4, false, false).label()).isEqualTo("uint4");
        assertThat(new Float32().label()).isEqualTo("float32");
        assertThat(new Float32().bits()).isEqualTo(32);
        assertThat(new Granularity.PerTensor().label()).isEqualTo("tensor");
        assertThat(new Granularity.PerChannel(1).label()).isEqualTo("channel 1");
        assertThat(new Granularity.PerBlock(0, 32).label()).isEqualTo("block 0 x 32");
    }

    @Test
    void impossibleFormatsAreRefused() {
        assertThatThrownBy(() -> new Affine(0, true, true)).hasMessageContaining("1 to 16");
        assertThatThrownBy(() -> new Affine(17, true, true)).hasMessageContaining("got 17");
        assertThatThrownBy(() -> new Granularity.PerChannel(-1)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> new Granularity.PerBlock(-2, 32)).hasMessageContaining("got -2");
        assertThatThrownBy(() -> new Granularity.PerBlock(0, 0)).hasMessageContaining("got 0");
    }
}
