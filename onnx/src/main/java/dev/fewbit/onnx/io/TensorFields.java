package dev.fewbit.onnx.io;

/** Field numbers of {@code TensorProto} and of the entries of its {@code external_data}. */
final class TensorFields {
    static final int DIMS = 1;
    static final int DATA_TYPE = 2;
    static final int NAME = 8;
    static final int RAW_DATA = 9;
    static final int EXTERNAL_DATA = 13;
    static final int DATA_LOCATION = 14;
    static final int LOCATION_EXTERNAL = 1;

    static final int ENTRY_KEY = 1;
    static final int ENTRY_VALUE = 2;

    private TensorFields() {}
}
