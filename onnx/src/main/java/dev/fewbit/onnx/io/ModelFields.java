package dev.fewbit.onnx.io;

/** Field numbers of {@code ModelProto} and the small messages in it. */
final class ModelFields {
    static final int IR_VERSION = 1;
    static final int PRODUCER_NAME = 2;
    static final int PRODUCER_VERSION = 3;
    static final int GRAPH = 7;
    static final int OPSET_IMPORT = 8;
    static final int METADATA = 14;
    static final int TRAINING_INFO = 20;
    static final int FUNCTION = 25;

    static final int OPSET_DOMAIN = 1;
    static final int OPSET_VERSION = 2;
    static final int ENTRY_KEY = 1;
    static final int ENTRY_VALUE = 2;
    static final int FUNCTION_NAME = 1;
    static final int FUNCTION_DOMAIN = 10;
    static final int FUNCTION_OVERLOAD = 13;

    private ModelFields() {}
}
