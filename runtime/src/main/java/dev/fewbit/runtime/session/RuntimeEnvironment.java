package dev.fewbit.runtime.session;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;

/** The one environment of ONNX Runtime in this process; it lives as long as the process. */
final class RuntimeEnvironment {

    private RuntimeEnvironment() {}

    private static final class Holder {
        private static final OrtEnvironment INSTANCE = create();

        private static OrtEnvironment create() {
            NativeLibrary.prepare();
            // Errors reach the caller as exceptions; the native log would only repeat them on
            // standard error.
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "fewbit");
        }
    }

    static OrtEnvironment get() {
        return Holder.INSTANCE;
    }
}
