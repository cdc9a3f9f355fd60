package dev.fewbit.core.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;

class BitPackingTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void fastAndSpecifiedPackingAgreeAndTouchNothingElse(int bits) {
        Random random = new Random(bits);
        for (int count = 0; count < 200; count++) {
            int from = random.nextInt(9);
            int at = random.nextInt(9);
            byte[] codes = new byte[from + count + random.nextInt(9)];
            random.nextBytes(codes);
            int size = (int) BitPacking.packedSize(count, bits);
            byte[] expected = new byte[at + size + random.nextInt(9)];
            Arrays.fill(expected, (byte) 0xA5);
            byte[] actual = expected.clone();
            BitStream.pack(codes, from, count, bits, expected, at);
            BitPacking.pack(codes, from, count, bits, actual, at);
            assertThat(actual).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void unpackingGivesTheCodesBack(int bits) {
        Random random = new Random(bits);
        for (int count = 0; count < 200; count++) {
            int from = random.nextInt(9);
            int at = random.nextInt(9);
            byte[] unsigned = new byte[at + count + random.nextInt(9)];
            byte[] signed = unsigned.clone();
            for (int i = at; i < at + count; i++) {
                int code = random.nextInt(1 << bits);
                unsigned[i] = (byte) code;
                signed[i] = (byte) (code - (1 << (bits - 1)));
            }
            int size = (int) BitPacking.packedSize(count, bits);
            byte[] packed = new byte[from + size + random.nextInt(9)];
            byte[] again = new byte[unsigned.length];
            BitPacking.pack(unsigned, at, count, bits, packed, from);
            BitPacking.unpack(packed, from, count, bits, again, at);
            assertThat(again).isEqualTo(unsigned);
            BitPacking.pack(signed, at, count, bits, packed, from);
            BitPacking.unpackSigned(packed, from, count, bits, again, at);
            assertThat(again).isEqualTo(signed);
        }
    }

    @Test
    void fourAndTwoBitsAreLaidOutAsInOnnx() {
        byte[] packed = new byte[2];
        BitPacking.pack(new byte[] {1, -2, 7}, 0, 3, 4, packed, 0);
        assertThat(packed).containsExactly(0xE1, 0x07);
        BitPacking.pack(new byte[] {1, -2, -1, 0, 1}, 0, 5, 2, packed, 0);
        assertThat(packed).containsExactly(0b00_11_10_01, 0b01);
        BitPacking.pack(new byte[] {1, 2, 7, 4}, 0, 4, 3, packed, 0);
        assertThat(packed).containsExactly(0b11_010_001, 0b100_1);
    }

    @Test
    void sizesAreRoundedUpToBytes() {
        assertThat(BitPacking.packedSize(0, 3)).isZero();
        assertThat(BitPacking.packedSize(1, 1)).isEqualTo(1);
        assertThat(BitPacking.packedSize(3, 3)).isEqualTo(2);
        assertThat(BitPacking.packedSize(8, 7)).isEqualTo(7);
        assertThat(BitPacking.packedSize(Long.MAX_VALUE, 8)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void badArgumentsAreRefused() {
        byte[] codes = new byte[9];
        byte[] packed = new byte[4];
        assertThatThrownBy(() -> BitPacking.pack(codes, 0, 9, 4, packed, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> BitPacking.pack(codes, 2, 8, 4, packed, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> BitPacking.unpack(packed, 1, 8, 4, codes, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> BitPacking.pack(codes, 0, 1, 9, packed, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 9 bits");
        assertThatThrownBy(() -> BitPacking.packedSize(-1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got -1");
    }
}
