package dev.fewbit.onnx.io;

/** Field numbers of the messages that describe graphs, nodes, attributes and values. */
final class GraphFields {
    static final int GRAPH_NODE = 1;
    static final int GRAPH_NAME = 2;
    static final int GRAPH_INITIALIZER = 5;
    static final int GRAPH_INPUT = 11;
    static final int GRAPH_OUTPUT = 12;
    static final int GRAPH_VALUE_INFO = 13;
    static final int GRAPH_SPARSE_INITIALIZER = 15;
    static final int SPARSE_VALUES = 1;

    static final int NODE_INPUT = 1;
    static final int NODE_OUTPUT = 2;
    static final int NODE_NAME = 3;
    static final int NODE_OP_TYPE = 4;
    static final int NODE_ATTRIBUTE = 5;
    static final int NODE_DOMAIN = 7;
    static final int NODE_OVERLOAD = 8;

    static final int INFO_NAME = 1;
    static final int INFO_TYPE = 2;
    static final int TYPE_TENSOR = 1;
    static final int TENSOR_ELEMENT_TYPE = 1;
    static final int TENSOR_SHAPE = 2;
    static final int SHAPE_DIMENSION = 1;
    static final int DIMENSION_VALUE = 1;
    static final int DIMENSION_NAME = 2;

    private GraphFields() {}
}
