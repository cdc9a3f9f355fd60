package dev.fewbit.onnx.opset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.opset.Oracle.Array;
import dev.fewbit.onnx.proto.AttributeProto;
import dev.fewbit.onnx.proto.AttributeProto.AttributeType;
import dev.fewbit.onnx.proto.FunctionProto;
import dev.fewbit.onnx.proto.GraphProto;
import dev.fewbit.onnx.proto.ModelProto;
import dev.fewbit.onnx.proto.NodeProto;
import dev.fewbit.onnx.proto.OperatorSetIdProto;
import dev.fewbit.onnx.proto.TensorShapeProto;
import dev.fewbit.onnx.proto.TypeProto;
import dev.fewbit.onnx.proto.ValueInfoProto;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** Functions of a model are raised with it. */
class FunctionRaisingTest {

    private static final Map<String, Array> FEED = Map.of("x", Array.waves(2, 3));

    @Test
    void rewritesBodies() throws Exception {
        ModelProto proto = model(16, mean(16));
        Map<String, Array> expected = Oracle.run(proto.toByteArray(), FEED);
        for (int target : new int[] {17, 18, 21, 25}) {
            Model model = OnnxReader.read(proto.toByteArray());
            OpsetRaiser.raise(model, target);
            byte[] raised = OnnxWriter.toBytes(model);
            assertThat(Oracle.run(raised, FEED)).as("opset " + target).isEqualTo(expected);
            FunctionProto function = ModelProto.parseFrom(raised).getFunctions(0);
            assertThat(function.getOpsetImport(0).getVersion()).isEqualTo(target);
            assertThat(function.getDocString()).isEqualTo("kept");
            assertThat(function.getAttributeList()).containsExactly("slope");
        }
    }

    @Test
    void leavesAFunctionAloneThatIsNewEnough() throws Exception {
        ModelProto proto = model(17, relu(21));
        Model model = OnnxReader.read(proto.toByteArray());
        OpsetRaiser.raise(model, 21);
        assertThat(ModelProto.parseFrom(OnnxWriter.toBytes(model)).getFunctions(0))
                .isEqualTo(proto.getFunctions(0));
    }

    @Test
    void refusesWhatIsStatedInTheCall() throws Exception {
        FunctionProto function =
                mean(16).toBuilder()
                        .addAttribute("axes")
                        .setNode(
                                0,
                                mean(16).getNode(0).toBuilder()
                                        .setAttribute(0, reference("axes", AttributeType.INTS)))
                        .build();
        Model model = OnnxReader.read(model(16, function).toByteArray());
        byte[] before = OnnxWriter.toBytes(model);
        assertThat(OpsetRaiser.obstacles(model, 17)).isEmpty();
        assertThatExceptionOfType(OpsetException.class)
                .isThrownBy(() -> OpsetRaiser.raise(model, 18))
                .withMessageContainingAll(
                        "Function local.Body", "ReduceMean", "axes", "opset 18", "inline");
        assertThat(OnnxWriter.toBytes(model)).isEqualTo(before);
    }

    /** LeakyRelu(ReduceMean(in, axes=[1]), alpha=slope of the call). */
    private static FunctionProto mean(int opset) {
        AttributeProto axes =
                AttributeProto.newBuilder()
                        .setName("axes")
                        .setType(AttributeType.INTS)
                        .addInts(1)
                        .build();
        AttributeProto alpha =
                reference("slope", AttributeType.FLOAT).toBuilder().setName("alpha").build();
        return function(opset)
                .addAttribute("slope")
                .addNode(node("ReduceMean", "in", "mean").addAttribute(axes))
                .addNode(node("LeakyRelu", "mean", "out").addAttribute(alpha))
                .build();
    }

    private static FunctionProto relu(int opset) {
        return function(opset).addNode(node("Relu", "in", "out")).build();
    }

    private static FunctionProto.Builder function(int opset) {
        return FunctionProto.newBuilder()
                .setName("Body")
                .setDomain("local")
                .setDocString("kept")
                .addInput("in")
                .addOutput("out")
                .addOpsetImport(opset("", opset));
    }

    private static AttributeProto reference(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type).setRefAttrName(name).build();
    }

    private static NodeProto.Builder node(String operator, String input, String output) {
        return NodeProto.newBuilder().setOpType(operator).addInput(input).addOutput(output);
    }

    private static OperatorSetIdProto opset(String domain, int version) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
    }

    /** y = Body(x) */
    private static ModelProto model(int opset, FunctionProto function) {
        NodeProto.Builder call = node("Body", "x", "y").setDomain("local");
        function.getAttributeList().stream()
                .filter(name -> name.equals("slope"))
                .forEach(
                        name ->
                                call.addAttribute(
                                        AttributeProto.newBuilder()
                                                .setName(name)
                                                .setType(AttributeType.FLOAT)
                                                .setF(0.2f)));
        TypeProto.Tensor tensor =
                TypeProto.Tensor.newBuilder()
                        .setElemType(1)
                        .setShape(
                                TensorShapeProto.newBuilder()
                                        .addDim(
                                                TensorShapeProto.Dimension.newBuilder()
                                                        .setDimValue(2))
                                        .addDim(
                                                TensorShapeProto.Dimension.newBuilder()
                                                        .setDimValue(3)))
                        .build();
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(opset("", opset))
                .addOpsetImport(opset("local", 1))
                .addFunctions(function)
                .setGraph(
                        GraphProto.newBuilder()
                                .setName("main")
                                .addInput(
                                        ValueInfoProto.newBuilder()
                                                .setName("x")
                                                .setType(
                                                        TypeProto.newBuilder()
                                                                .setTensorType(tensor)))
                                .addOutput(ValueInfoProto.newBuilder().setName("y"))
                                .addNode(call))
                .build();
    }
}
