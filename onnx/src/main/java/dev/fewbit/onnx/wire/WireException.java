package dev.fewbit.onnx.wire;

import java.io.IOException;

/**
 * The bytes are not a well-formed protobuf message; the message says what is wrong at which byte.
 */
public final class WireException extends IOException {
    private static final long serialVersionUID = 1L;

    WireException(String problem, long position) {
        super(problem + " at byte " + position);
    }
}
