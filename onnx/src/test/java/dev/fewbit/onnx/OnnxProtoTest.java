package dev.fewbit.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;

import dev.fewbit.onnx.proto.AttributeProto;
import dev.fewbit.onnx.proto.AttributeProto.AttributeType;
import dev.fewbit.onnx.proto.ModelProto;
import dev.fewbit.onnx.proto.TensorProto;

import org.junit.jupiter.api.Test;

class OnnxProtoTest {

    @Test
    void unknownFieldsSurvive() throws Exception {
        ModelProto model =
                ModelProto.newBuilder()
                        .setIrVersion(13)
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                999,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addLengthDelimited(
                                                                ByteString.copyFromUtf8(
                                                                        "from the future"))
                                                        .build())
                                        .build())
                        .build();

        assertThat(ModelProto.parseFrom(model.toByteArray()).toByteString())
                .isEqualTo(model.toByteString());
        assertThat(ModelProto.parseFrom(model.toByteArray()).getUnknownFields().hasField(999))
                .isTrue();
    }

    @Test
    void unknownEnumValuesSurvive() throws Exception {
        // Field 20 (type) as a varint, with a value no AttributeType has.
        byte[] bytes = {(byte) 0xa0, 0x01, 0x63};

        AttributeProto attribute = AttributeProto.parseFrom(bytes);

        assertThat(attribute.getType()).isEqualTo(AttributeType.UNDEFINED);
        assertThat(attribute.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void fieldsHavePresence() {
        assertThat(TensorProto.newBuilder().setDataType(0).build().hasDataType()).isTrue();
        assertThat(TensorProto.getDefaultInstance().hasDataType()).isFalse();
    }
}
