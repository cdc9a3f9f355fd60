package dev.fewbit.core.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.pack.BitPlanes.Plane;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class BitPlanesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void rowsComeBack(int bits) {
        Random random = new Random(bits);
        for (int width = 0; width < 40; width++) {
            byte[] codes = new byte[width + 3];
            for (int i = 0; i < width; i++) {
                codes[2 + i] = (byte) random.nextInt(1 << bits);
            }
            byte[] again = new byte[width];
            long size = 0;
            for (Plane plane : BitPlanes.split(bits)) {
                byte[] packed = new byte[(int) plane.rowBytes(width) + 1];
                BitPlanes.packRow(codes, 2, width, 0, plane, packed, 1);
                BitPlanes.unpackRow(packed, 1, width, plane, again, 0);
                size += plane.rowBytes(width);
            }
            assertThat(again).isEqualTo(Arrays.copyOfRange(codes, 2, 2 + width));
            assertThat(BitPlanes.rowBytes(width, bits)).isEqualTo(size);
            // True packing: no more than a byte a plane is lost at the end of a row.
            assertThat(size * 8).isLessThan((long) width * bits + 8L * 3);
        }
    }

    @Test
    void planesCoverTheBitsOnce() {
        for (int bits = 1; bits <= 8; bits++) {
            int covered = 0;
            for (Plane plane : BitPlanes.split(bits)) {
                int mask = ((1 << plane.bits()) - 1) << plane.shift();
                assertThat(covered & mask).isZero();
                covered |= mask;
            }
            assertThat(covered).isEqualTo((1 << bits) - 1);
        }
        assertThat(BitPlanes.split(3)).containsExactly(new Plane(0, 2), new Plane(2, 1));
    }

    /** Bytes hold codes that lie a row of bytes apart, the first in the lowest bits. */
    @Test
    void theOrderIsThatOfRowsOfBytes() {
        byte[] codes = {0, 1, 2, 3, 3, 2, 1};
        byte[] packed = new byte[2];
        BitPlanes.packRow(codes, 0, 7, 0, new Plane(0, 2), packed, 0);
        // Codes 0, 2, 4, 6 and 1, 3, 5.
        assertThat(packed).containsExactly(0b01_11_10_00, 0b00_10_11_01);
    }

    @Test
    void signedCodesCountFromZeroWithAnOffset() {
        byte[] codes = {-4, -1, 0, 3};
        byte[] again = new byte[4];
        for (Plane plane : BitPlanes.split(3)) {
            byte[] packed = new byte[1];
            BitPlanes.packRow(codes, 0, 4, 4, plane, packed, 0);
            BitPlanes.unpackRow(packed, 0, 4, plane, again, 0);
        }
        assertThat(again).containsExactly(0, 3, 4, 7);
    }

    @Test
    void otherWidthsAreRefused() {
        assertThatThrownBy(() -> BitPlanes.split(9)).isInstanceOf(IllegalArgumentException.class);
        for (int[] wrong : List.of(new int[] {0, 3}, new int[] {7, 2}, new int[] {-1, 1})) {
            assertThatThrownBy(() -> new Plane(wrong[0], wrong[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
