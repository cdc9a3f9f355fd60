package dev.fewbit.onnx.io;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

import java.util.Map;

/** Makes messages comparable. */
final class CanonicalProtos {
    private CanonicalProtos() {}

    /**
     * The same message in the one form where equal meaning is equal content: empty optional texts
     * are absent.
     */
    static <M extends Message> M of(M message) {
        Message.Builder builder = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            if (descriptor.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                if (descriptor.isRepeated()) {
                    for (int i = 0; i < message.getRepeatedFieldCount(descriptor); i++) {
                        builder.setRepeatedField(
                                descriptor,
                                i,
                                of((Message) message.getRepeatedField(descriptor, i)));
                    }
                } else {
                    builder.setField(descriptor, of((Message) field.getValue()));
                }
            } else if (field.getValue().equals("")) {
                builder.clearField(descriptor);
            }
        }
        @SuppressWarnings("unchecked")
        M result = (M) builder.build();
        return result;
    }
}
