package dev.fewbit.onnx.io;

import dev.fewbit.onnx.proto.AttributeProto;
import dev.fewbit.onnx.proto.GraphProto;
import dev.fewbit.onnx.proto.ModelProto;
import dev.fewbit.onnx.proto.NodeProto;
import dev.fewbit.onnx.proto.TensorProto;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Valid models of random structure: nodes, subgraphs that use outer values, tensors, types, unknown
 * fields.
 */
final class RandomModels {
    private final Random random;
    private int names;

    private RandomModels(Random random) {
        this.random = random;
    }

    static ModelProto next(Random random) {
        RandomModels models = new RandomModels(random);
        ModelProto.Builder model = Protos.model(models.graph(List.of(), 0));
        if (random.nextBoolean()) {
            model.addMetadataProps(Protos.entry("k", "v"))
                    .setDocString("doc")
                    .setUnknownFields(Protos.unknown("m"));
        }
        return model.build();
    }

    private GraphProto.Builder graph(List<String> outer, int depth) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName(name("graph"));
        List<String> visible = new ArrayList<>(outer);
        for (int i = random.nextInt(3); i >= 0; i--) {
            String input = name("input");
            graph.addInput(
                    Protos.tensorInfo(input, TensorProto.DataType.FLOAT, "n", random.nextInt(9)));
            visible.add(input);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            TensorProto.Builder tensor = tensor();
            graph.addInitializer(tensor);
            visible.add(tensor.getName());
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            NodeProto.Builder node = node(visible, depth);
            graph.addNode(node);
            for (String output : node.getOutputList()) {
                if (!output.isEmpty()) {
                    visible.add(output);
                    if (random.nextInt(3) == 0) {
                        graph.addValueInfo(
                                Protos.tensorInfo(output, TensorProto.DataType.INT8, 4, "m", 0.1));
                    }
                }
            }
        }
        String last = visible.getLast();
        boolean hasInfo =
                graph.getInputList().stream().anyMatch(info -> info.getName().equals(last))
                        || graph.getValueInfoList().stream()
                                .anyMatch(info -> info.getName().equals(last))
                        || outer.contains(last);
        if (!hasInfo) {
            graph.addOutput(Protos.tensorInfo(last, TensorProto.DataType.FLOAT, 1));
        }
        if (random.nextInt(3) == 0) {
            graph.setUnknownFields(Protos.unknown("graph"));
        }
        return graph;
    }

    private NodeProto.Builder node(List<String> visible, int depth) {
        List<String> inputs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            inputs.add(random.nextInt(5) == 0 ? "" : visible.get(random.nextInt(visible.size())));
        }
        List<String> outputs = new ArrayList<>(List.of(name("value")));
        if (random.nextInt(4) == 0) {
            outputs.addAll(List.of("", name("value")));
        }
        NodeProto.Builder node =
                Protos.node("Op" + random.nextInt(5), inputs, outputs).setName(name("node"));
        if (random.nextInt(3) == 0) {
            node.addAttribute(
                    AttributeProto.newBuilder()
                            .setName("ints")
                            .setType(AttributeProto.AttributeType.INTS)
                            .addInts(random.nextLong())
                            .addInts(random.nextInt(100)));
        }
        if (random.nextInt(4) == 0) {
            node.addAttribute(
                    AttributeProto.newBuilder()
                            .setName("t")
                            .setType(AttributeProto.AttributeType.TENSOR)
                            .setT(tensor()));
        }
        if (depth < 3 && random.nextInt(4) == 0) {
            node.addAttribute(
                    AttributeProto.newBuilder()
                            .setName("body")
                            .setType(AttributeProto.AttributeType.GRAPH)
                            .setG(graph(visible, depth + 1)));
        }
        if (random.nextInt(4) == 0) {
            node.setDomain("org.custom")
                    .setDocString("doc")
                    .setUnknownFields(Protos.unknown("node"));
        }
        return node;
    }

    private TensorProto.Builder tensor() {
        String name = name("tensor");
        return switch (random.nextInt(5)) {
            case 0 -> Protos.floats(name, random.nextFloat(), -random.nextFloat());
            case 1 ->
                    TensorProto.newBuilder()
                            .setName(name)
                            .setDataType(7)
                            .addDims(1)
                            .addInt64Data(random.nextLong());
            case 2 ->
                    TensorProto.newBuilder()
                            .setName(name)
                            .setDataType(10)
                            .addDims(2)
                            .addInt32Data(random.nextInt(65536))
                            .addInt32Data(random.nextInt(65536));
            case 3 ->
                    Protos.raw(name, TensorProto.DataType.INT4, randomBytes(3), 5)
                            .setDocString("five");
            default -> {
                int size = random.nextInt(3000);
                yield Protos.raw(name, TensorProto.DataType.FLOAT16, randomBytes(2 * size), size);
            }
        };
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private String name(String base) {
        return base + "/" + names++;
    }
}
