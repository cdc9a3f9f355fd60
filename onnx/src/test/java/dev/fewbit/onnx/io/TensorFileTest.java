package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.proto.TensorProto;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class TensorFileTest {
    @TempDir Path folder;

    private static byte[] encoded() {
        return TensorProto.newBuilder()
                .setName("input")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(3)
                .addFloatData(1)
                .addFloatData(-2)
                .addFloatData(0.5f)
                .build()
                .toByteArray();
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("input_0.pb"), bytes);
    }

    @Test
    void oneTensorIsRead() throws IOException {
        Tensor tensor = OnnxReader.readTensor(file(encoded()));
        assertThat(tensor.name()).isEqualTo("input");
        assertThat(tensor.elementType()).isEqualTo(ElementType.FLOAT);
        assertThat(tensor.shape()).containsExactly(3);
        assertThat(tensor.floats()).containsExactly(1, -2, 0.5f);
    }

    @Test
    void damageIsTold() throws IOException {
        Path cut = file(Arrays.copyOf(encoded(), encoded().length - 3));
        assertThatThrownBy(() -> OnnxReader.readTensor(cut))
                .isInstanceOf(OnnxFormatException.class)
                .hasMessageContaining("input_0.pb");
        Path empty = file(new byte[0]);
        assertThatThrownBy(() -> OnnxReader.readTensor(empty))
                .isInstanceOf(OnnxFormatException.class)
                .hasMessageContaining("no element type");
    }
}
