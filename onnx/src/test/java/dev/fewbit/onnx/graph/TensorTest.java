package dev.fewbit.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

class TensorTest {
    @TempDir Path folder;

    @Test
    void sizesOfAllTypes() {
        for (ElementType type : ElementType.values()) {
            assertThat(ElementType.ofCode(type.code())).isSameAs(type);
            assertThat(type.byteSize(5)).isEqualTo((5L * type.bits() + 7) / 8);
        }
        assertThat(ElementType.ofCode(0)).isNull();
        assertThat(ElementType.ofCode(27)).isNull();
        assertThat(ElementType.ofCode(-1)).isNull();
    }

    @Test
    void shapeAndBytesHaveToFit() {
        assertThatThrownBy(() -> Tensor.ofBytes(ElementType.FLOAT, new long[] {2, 3}, new byte[20]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes 24 bytes")
                .hasMessageContaining("20");
        assertThat(Tensor.ofBytes(ElementType.INT4, new long[] {3}, new byte[2]).elementCount())
                .isEqualTo(3);
        assertThat(Tensor.ofFloats(new long[] {0, 1L << 62, 1L << 62}).elementCount()).isZero();
        assertThat(Tensor.ofFloats(new long[0], 4).elementCount()).isOne();
        assertThatThrownBy(() -> Tensor.elementCount(new long[] {1L << 40, 1L << 40}))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void packedAndSignedIntegers() throws IOException {
        assertThat(bytes(ElementType.INT4, 4, 0x80, 0x7F).longs()).containsExactly(0, -8, -1, 7);
        assertThat(bytes(ElementType.UINT4, 3, 0x80, 0x07).longs()).containsExactly(0, 8, 7);
        assertThat(bytes(ElementType.INT2, 5, 0b11100100, 1).longs())
                .containsExactly(0, 1, -2, -1, 1);
        assertThat(bytes(ElementType.UINT2, 4, 0b11100100).longs()).containsExactly(0, 1, 2, 3);
        assertThat(bytes(ElementType.UINT8, 1, 0xFF).longs()).containsExactly(255);
        assertThat(bytes(ElementType.INT8, 1, 0xFF).longs()).containsExactly(-1);
        assertThat(bytes(ElementType.BOOL, 2, 0, 1).longs()).containsExactly(0, 1);
        assertThat(bytes(ElementType.INT16, 1, 0xFE, 0xFF).longs()).containsExactly(-2);
        assertThat(bytes(ElementType.UINT16, 1, 0xFE, 0xFF).longs()).containsExactly(0xFFFE);
        assertThat(bytes(ElementType.UINT32, 1, 0xFF, 0xFF, 0xFF, 0xFF).longs())
                .containsExactly(0xFFFF_FFFFL);
        assertThat(Tensor.ofInts(new long[] {2}, -5, 5).longs()).containsExactly(-5, 5);
        assertThat(Tensor.ofLongs(new long[] {1}, Long.MIN_VALUE).longs())
                .containsExactly(Long.MIN_VALUE);
        assertThatThrownBy(() -> Tensor.ofFloats(new long[0], 1).longs())
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16"})
    void floatsFromMemoryAndFileInWindows(ElementType type) throws IOException {
        // More than one buffer of the reader, and no multiple of it.
        int count = 150_001;
        int width = type.bits() / 8;
        float[] expected = new float[count];
        ByteBuffer raw = ByteBuffer.allocate(count * width).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            float value = Float.float16ToFloat(Float.floatToFloat16(random.nextFloat() * 8 - 4));
            switch (type) {
                case FLOAT -> raw.putFloat(value);
                case DOUBLE -> raw.putDouble(value);
                case FLOAT16 -> raw.putShort(Float.floatToFloat16(value));
                default -> {
                    value = Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF_0000);
                    raw.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                }
            }
            expected[i] = value;
        }
        Path file = folder.resolve("data");
        // An odd offset: raw_data inside a model is not aligned.
        byte[] shifted = new byte[raw.capacity() + 3];
        System.arraycopy(raw.array(), 0, shifted, 3, raw.capacity());
        Files.write(file, shifted);
        Tensor inMemory = Tensor.ofBytes(type, new long[] {count}, raw.array());
        Tensor inFile =
                new Tensor(type, new long[] {count}, new FileRegion(file, 3, raw.capacity()));

        for (Tensor tensor : new Tensor[] {inMemory, inFile}) {
            assertThat(tensor.floats()).isEqualTo(expected);
            assertThat(tensor.bytes()).isEqualTo(raw.array());
            float[] window = new float[1000];
            try (TensorReader reader = tensor.reader()) {
                reader.readFloats(count - 990, window, 10, 990);
                assertThatThrownBy(() -> reader.readFloats(count - 1, window, 0, 2))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThat(window).endsWith(expected[count - 2], expected[count - 1]);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment segment = tensor.open(arena);
                assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(raw.array());
                assertThat(segment.isReadOnly()).isTrue();
            }
        }
    }

    @Test
    void onlyFloatsAreReadAsFloats() {
        assertThatThrownBy(() -> Tensor.ofInts(new long[] {1}, 1).floats())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("INT32");
        assertThatThrownBy(
                        () -> Tensor.pending(ElementType.FLOAT, new long[] {1}, _ -> {}).floats())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("while the model is written");
    }

    @Test
    void shapesReadLikeText() {
        Shape shape =
                new Shape(
                        java.util.List.of(
                                new Dimension.Symbolic("batch"),
                                new Dimension.Known(3),
                                new Dimension.Unknown()));

        assertThat(shape).hasToString("[batch, 3, ?]");
        assertThat(shape.size(1)).hasValue(3);
        assertThat(shape.size(2)).isEmpty();
        assertThat(shape.isKnown()).isFalse();
        assertThat(Shape.of(2, 3).sizes()).containsExactly(2, 3);
        assertThatThrownBy(shape::sizes).isInstanceOf(IllegalStateException.class);
    }

    private static Tensor bytes(ElementType type, int elements, int... values) {
        byte[] raw = new byte[values.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) values[i];
        }
        return Tensor.ofBytes(type, new long[] {elements}, raw);
    }
}
