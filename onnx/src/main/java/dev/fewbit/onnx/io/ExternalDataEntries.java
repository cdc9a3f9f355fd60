package dev.fewbit.onnx.io;

import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireType;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The {@code external_data} entries of a tensor: {@code location}, {@code offset}, {@code length}.
 * Others, such as a checksum of the whole file, say nothing about a file that is written anew and
 * are dropped.
 */
final class ExternalDataEntries {
    private final Map<String, String> entries = new HashMap<>();

    void read(WireInput input) throws IOException {
        String key = "";
        String value = "";
        long outer = input.enter();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case TensorFields.ENTRY_KEY << 3 | WireType.LENGTH -> key = input.readString();
                case TensorFields.ENTRY_VALUE << 3 | WireType.LENGTH -> value = input.readString();
                default -> input.skip(tag);
            }
        }
        input.leave(outer);
        entries.put(key, value);
    }

    /** The text under a key; empty when it is absent. */
    String text(String key) {
        return entries.getOrDefault(key, "");
    }

    /** The number under a key; -1 when it is not one. */
    long number(String key, long absent) {
        String text = text(key);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            return Math.max(-1, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
