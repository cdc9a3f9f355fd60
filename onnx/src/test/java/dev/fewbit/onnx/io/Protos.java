package dev.fewbit.onnx.io;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;

import dev.fewbit.onnx.proto.AttributeProto;
import dev.fewbit.onnx.proto.FunctionProto;
import dev.fewbit.onnx.proto.GraphProto;
import dev.fewbit.onnx.proto.ModelProto;
import dev.fewbit.onnx.proto.NodeProto;
import dev.fewbit.onnx.proto.OperatorSetIdProto;
import dev.fewbit.onnx.proto.SparseTensorProto;
import dev.fewbit.onnx.proto.StringStringEntryProto;
import dev.fewbit.onnx.proto.TensorAnnotation;
import dev.fewbit.onnx.proto.TensorProto;
import dev.fewbit.onnx.proto.TensorShapeProto;
import dev.fewbit.onnx.proto.TrainingInfoProto;
import dev.fewbit.onnx.proto.TypeProto;
import dev.fewbit.onnx.proto.ValueInfoProto;

import java.util.List;

/**
 * Models made with the official protobuf implementation: what the reader and the writer are checked
 * against.
 */
final class Protos {
    private Protos() {}

    /** A field that no version of ONNX has. */
    static UnknownFieldSet unknown(String text) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        999,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(text))
                                .addVarint(7)
                                .addFixed32(8)
                                .addFixed64(9)
                                .build())
                .build();
    }

    static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(value)
                .setUnknownFields(unknown(key))
                .build();
    }

    static ValueInfoProto.Builder tensorInfo(
            String name, TensorProto.DataType type, Object... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dim : dims) {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            switch (dim) {
                case Integer size -> dimension.setDimValue(size);
                case String symbol -> dimension.setDimParam(symbol).setDenotation("DATA_BATCH");
                default -> {}
            }
            shape.addDim(dimension);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(type.getNumber())
                                                .setShape(shape)));
    }

    static NodeProto.Builder node(String opType, List<String> inputs, List<String> outputs) {
        return NodeProto.newBuilder().setOpType(opType).addAllInput(inputs).addAllOutput(outputs);
    }

    static TensorProto.Builder floats(String name, float... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .addDims(values.length)
                        .setDataType(TensorProto.DataType.FLOAT.getNumber());
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor;
    }

    static TensorProto.Builder raw(
            String name, TensorProto.DataType type, byte[] bytes, long... dims) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(type.getNumber())
                        .setRawData(ByteString.copyFrom(bytes));
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    static ModelProto.Builder model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(9)
                .setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(21));
    }

    /**
     * A model with one of everything that ONNX files hold, unknown fields at every level included.
     */
    static ModelProto rich() {
        byte[] large = new byte[40_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        GraphProto.Builder inner =
                GraphProto.newBuilder()
                        .setName("then")
                        .setDocString("inner doc")
                        .addInitializer(
                                raw(
                                        "inner_weight",
                                        TensorProto.DataType.FLOAT,
                                        new byte[8000],
                                        2000))
                        .addNode(node("Add", List.of("relu", "inner_weight"), List.of("inner_sum")))
                        .addNode(node("Identity", List.of("inner_sum"), List.of("inner_out")))
                        .addOutput(tensorInfo("inner_out", TensorProto.DataType.FLOAT))
                        .setUnknownFields(unknown("inner graph"));
        GraphProto.Builder other =
                GraphProto.newBuilder()
                        .setName("else")
                        .addNode(node("Identity", List.of("relu"), List.of("inner_out")))
                        .addOutput(tensorInfo("inner_out", TensorProto.DataType.FLOAT));
        GraphProto.Builder graph =
                GraphProto.newBuilder()
                        .setName("main")
                        .setDocString("a graph")
                        .addInput(
                                tensorInfo("x", TensorProto.DataType.FLOAT, "batch", 3, 0.5)
                                        .setDocString("input doc")
                                        .addMetadataProps(entry("input", "meta"))
                                        .setUnknownFields(unknown("value info")))
                        .addInput(tensorInfo("condition", TensorProto.DataType.BOOL))
                        .addInput(tensorInfo("default", TensorProto.DataType.FLOAT, 2))
                        .addInput(
                                ValueInfoProto.newBuilder()
                                        .setName("sequence")
                                        .setType(
                                                TypeProto.newBuilder()
                                                        .setDenotation("text")
                                                        .setSequenceType(
                                                                TypeProto.Sequence.newBuilder()
                                                                        .setElemType(
                                                                                TypeProto
                                                                                        .newBuilder()
                                                                                        .setOptionalType(
                                                                                                TypeProto
                                                                                                        .Optional
                                                                                                        .newBuilder()
                                                                                                        .setElemType(
                                                                                                                TypeProto
                                                                                                                        .newBuilder()
                                                                                                                        .setTensorType(
                                                                                                                                TypeProto
                                                                                                                                        .Tensor
                                                                                                                                        .newBuilder()
                                                                                                                                        .setElemType(
                                                                                                                                                1))))))))
                        .addOutput(tensorInfo("y", TensorProto.DataType.FLOAT, "batch", -1))
                        .addOutput(
                                tensorInfo("x", TensorProto.DataType.FLOAT, "batch", 3, 0.5)
                                        .setDocString("input doc")
                                        .addMetadataProps(entry("input", "meta"))
                                        .setUnknownFields(unknown("value info")))
                        .addValueInfo(
                                tensorInfo("relu", TensorProto.DataType.FLOAT, "batch", 3)
                                        .setDocString("listed"))
                        .addValueInfo(tensorInfo("weight", TensorProto.DataType.FLOAT, 100, 100))
                        .addValueInfo(
                                tensorInfo("not_in_this_graph", TensorProto.DataType.INT64, 1))
                        .addInitializer(
                                raw("weight", TensorProto.DataType.FLOAT, large, 100, 100)
                                        .setDocString("a weight")
                                        .addMetadataProps(entry("weight", "meta"))
                                        .setUnknownFields(unknown("tensor")))
                        .addInitializer(floats("default", 1, 2))
                        .addInitializer(floats("typed", 1.5f, -0f, Float.NaN, Float.MIN_VALUE))
                        .addInitializer(
                                TensorProto.newBuilder()
                                        .setName("int8s")
                                        .setDataType(3)
                                        .addDims(3)
                                        .addInt32Data(-1)
                                        .addInt32Data(127)
                                        .addInt32Data(-128))
                        .addInitializer(
                                TensorProto.newBuilder()
                                        .setName("int4s")
                                        .setDataType(22)
                                        .addDims(3)
                                        .addInt32Data(0x7F)
                                        .addInt32Data(0x08))
                        .addInitializer(
                                TensorProto.newBuilder()
                                        .setName("longs")
                                        .setDataType(7)
                                        .addDims(2)
                                        .addInt64Data(Long.MIN_VALUE)
                                        .addInt64Data(5))
                        .addInitializer(
                                TensorProto.newBuilder()
                                        .setName("unsigned")
                                        .setDataType(12)
                                        .addDims(1)
                                        .addUint64Data(0xFFFF_FFFFL))
                        .addInitializer(
                                TensorProto.newBuilder()
                                        .setName("doubles")
                                        .setDataType(11)
                                        .addDoubleData(Math.PI))
                        .addInitializer(
                                TensorProto.newBuilder()
                                        .setName("strings")
                                        .setDataType(8)
                                        .addDims(2)
                                        .addStringData(ByteString.copyFromUtf8("one"))
                                        .addStringData(ByteString.copyFrom(new byte[] {-1, 0})))
                        .addInitializer(
                                TensorProto.newBuilder()
                                        .setName("empty")
                                        .setDataType(1)
                                        .addDims(0)
                                        .addDims(5))
                        .addInitializer(
                                raw("empty_raw", TensorProto.DataType.FLOAT, new byte[0], 0))
                        .addSparseInitializer(
                                SparseTensorProto.newBuilder()
                                        .setValues(floats("sparse", 3))
                                        .setIndices(
                                                TensorProto.newBuilder()
                                                        .setDataType(7)
                                                        .addDims(1)
                                                        .addInt64Data(4))
                                        .addDims(9))
                        .addQuantizationAnnotation(
                                TensorAnnotation.newBuilder()
                                        .setTensorName("relu")
                                        .addQuantParameterTensorNames(
                                                entry("SCALE_TENSOR", "typed")))
                        .addMetadataProps(entry("graph", "meta"))
                        .setUnknownFields(unknown("graph"))
                        .addNode(
                                node("MatMul", List.of("x", "weight"), List.of("product"))
                                        .setName("first")
                                        .setDocString("node doc")
                                        .addMetadataProps(entry("node", "meta"))
                                        .setUnknownFields(unknown("node")))
                        .addNode(
                                node("Clip", List.of("product", "", "sparse"), List.of("relu", "")))
                        .addNode(allAttributes())
                        .addNode(
                                node("If", List.of("condition"), List.of("y"))
                                        .addAttribute(
                                                AttributeProto.newBuilder()
                                                        .setName("then_branch")
                                                        .setType(AttributeProto.AttributeType.GRAPH)
                                                        .setG(inner))
                                        .addAttribute(
                                                AttributeProto.newBuilder()
                                                        .setName("else_branch")
                                                        .setType(AttributeProto.AttributeType.GRAPH)
                                                        .setG(other)));
        return model(graph)
                .setProducerName("maker")
                .setProducerVersion("1.2")
                .setDomain("org.example")
                .setModelVersion(3)
                .setDocString("model doc")
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder()
                                .setDomain("org.custom")
                                .setVersion(4)
                                .setUnknownFields(unknown("opset")))
                .addMetadataProps(entry("author", "someone"))
                .addMetadataProps(entry("author", "twice"))
                .addFunctions(
                        FunctionProto.newBuilder()
                                .setName("Twice")
                                .setDomain("org.custom")
                                .setOverload("o")
                                .addInput("a")
                                .addOutput("b")
                                .addNode(
                                        node("Add", List.of("a", "a"), List.of("b"))
                                                .addAttribute(
                                                        AttributeProto.newBuilder()
                                                                .setName("alpha")
                                                                .setRefAttrName("outer")))
                                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(21))
                                .setUnknownFields(unknown("function")))
                .addTrainingInfo(
                        TrainingInfoProto.newBuilder()
                                .setAlgorithm(GraphProto.newBuilder().setName("training"))
                                .addUpdateBinding(entry("w", "w2")))
                .setUnknownFields(unknown("model"))
                .build();
    }

    private static NodeProto.Builder allAttributes() {
        return node("Everything", List.of("relu"), List.of("unused"))
                .setDomain("org.custom")
                .setOverload("o")
                .addAttribute(
                        attribute("f", AttributeProto.AttributeType.FLOAT)
                                .setF(0.5f)
                                .setDocString("doc")
                                .setUnknownFields(unknown("attribute")))
                .addAttribute(attribute("i", AttributeProto.AttributeType.INT).setI(-3))
                .addAttribute(
                        attribute("s", AttributeProto.AttributeType.STRING)
                                .setS(ByteString.copyFrom(new byte[] {-1, 65})))
                .addAttribute(
                        attribute("t", AttributeProto.AttributeType.TENSOR)
                                .setT(
                                        floats("const", 1, 2)
                                                .setUnknownFields(unknown("attribute tensor"))))
                .addAttribute(
                        attribute("floats", AttributeProto.AttributeType.FLOATS)
                                .addFloats(1)
                                .addFloats(Float.NaN))
                .addAttribute(
                        attribute("ints", AttributeProto.AttributeType.INTS)
                                .addInts(-1)
                                .addInts(Long.MAX_VALUE))
                .addAttribute(attribute("no_ints", AttributeProto.AttributeType.INTS))
                .addAttribute(
                        attribute("strings", AttributeProto.AttributeType.STRINGS)
                                .addStrings(ByteString.copyFromUtf8("a"))
                                .addStrings(ByteString.EMPTY))
                .addAttribute(
                        attribute("long_string", AttributeProto.AttributeType.STRING)
                                .setS(ByteString.copyFrom(new byte[100_000])))
                .addAttribute(
                        attribute("tensors", AttributeProto.AttributeType.TENSORS)
                                .addTensors(floats("a", 1))
                                .addTensors(floats("b", 2)))
                .addAttribute(
                        attribute("graphs", AttributeProto.AttributeType.GRAPHS)
                                .addGraphs(
                                        GraphProto.newBuilder()
                                                .setName("g1")
                                                .addOutput(
                                                        tensorInfo(
                                                                        "relu",
                                                                        TensorProto.DataType.FLOAT,
                                                                        "batch",
                                                                        3)
                                                                .setDocString("listed")))
                                .addGraphs(GraphProto.newBuilder().setName("g2")))
                .addAttribute(
                        attribute("sparse", AttributeProto.AttributeType.SPARSE_TENSOR)
                                .setSparseTensor(
                                        SparseTensorProto.newBuilder()
                                                .setValues(floats("v", 1))
                                                .addDims(4)))
                .addAttribute(
                        attribute("type", AttributeProto.AttributeType.TYPE_PROTO)
                                .setTp(TypeProto.newBuilder().setDenotation("d")));
    }

    private static AttributeProto.Builder attribute(
            String name, AttributeProto.AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }
}
