package dev.fewbit.onnx.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.pack.BitPlanes;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

class CodePlanesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void everyCodeIsWhereItIsSaidToBe(int bits) {
        for (int width : new int[] {1, 7, 8, 33, 64}) {
            CodePlanes planes = new CodePlanes(bits, 3, width);
            Random random = new Random(width);
            byte[] codes = new byte[width + 2];
            int smallest = -(1 << (bits - 1));
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) (smallest + random.nextInt(1 << bits));
            }
            byte[] packed = new byte[(int) planes.rowBytes() + 1];
            planes.packRow(codes, 2, -smallest, packed, 1);
            for (int i = 0; i < width; i++) {
                assertThat(codeAt(packed, planes, i) + smallest)
                        .as("code %d of %d", i, width)
                        .isEqualTo(codes[2 + i]);
            }
        }
    }

    /** Reads a code as the class comment says. */
    private static int codeAt(byte[] packed, CodePlanes planes, int index) {
        int code = 0;
        int from = 1;
        for (BitPlanes.Plane plane : planes.planes()) {
            int bytes = (int) plane.rowBytes(planes.width());
            int value = (packed[from + index % bytes] & 0xFF) >> (index / bytes * plane.bits());
            code |= (value & ((1 << plane.bits()) - 1)) << plane.shift();
            from += bytes;
        }
        return code;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void rowsOfWholeBytesAreNotPadded(int bits) {
        CodePlanes planes = new CodePlanes(bits, 10, 64);
        assertThat(planes.isPadded()).isFalse();
        assertThat(planes.rowBytes()).isEqualTo(8L * bits);
        assertThat(planes.bytes()).isEqualTo(80L * bits);
        CodePlanes odd = new CodePlanes(bits, 10, 65);
        assertThat(odd.isPadded()).isTrue();
        assertThat(odd.rowBytes()).isBetween((65L * bits + 7) / 8, 9L * bits);
    }
}
