package dev.fewbit.onnx.io;

import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireType;

import java.io.IOException;

/** Decodes {@code GraphProto} messages. */
final class GraphDecoder {
    private GraphDecoder() {}

    /** Decodes the graph whose length comes next. */
    static GraphDraft decode(Decoding decoding, int depth) throws IOException {
        GraphDraft draft = new GraphDraft(decoding.input);
        decodeInto(draft, decoding, depth);
        return draft;
    }

    /** Decodes the graph whose length comes next into a draft, behind what is there already. */
    static void decodeInto(GraphDraft draft, Decoding decoding, int depth) throws IOException {
        if (depth > Decoding.MAX_GRAPH_DEPTH) {
            throw decoding.damaged(
                    "graphs are nested more than " + Decoding.MAX_GRAPH_DEPTH + " deep");
        }
        decoding.spend(1);
        WireInput input = decoding.input;
        long outer = input.enter();
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case GraphFields.GRAPH_NODE << 3 | WireType.LENGTH ->
                        draft.nodes.add(NodeDecoder.decode(decoding, depth));
                case GraphFields.GRAPH_NAME << 3 | WireType.LENGTH ->
                        draft.graph.setName(input.readString());
                case GraphFields.GRAPH_INITIALIZER << 3 | WireType.LENGTH ->
                        draft.initializers.add(TensorDecoder.decode(decoding));
                case GraphFields.GRAPH_INPUT << 3 | WireType.LENGTH ->
                        draft.inputs.add(ValueInfoDecoder.decode(decoding, start));
                case GraphFields.GRAPH_OUTPUT << 3 | WireType.LENGTH ->
                        draft.outputs.add(ValueInfoDecoder.decode(decoding, start));
                case GraphFields.GRAPH_VALUE_INFO << 3 | WireType.LENGTH ->
                        draft.valueInfos.add(ValueInfoDecoder.decode(decoding, start));
                case GraphFields.GRAPH_SPARSE_INITIALIZER << 3 | WireType.LENGTH -> {
                    draft.sparseInitializers.add(sparseName(decoding));
                    draft.remainder.keepRange(start);
                }
                default -> draft.remainder.keep(tag, start);
            }
            start = input.position();
        }
        input.leave(outer);
    }

    /** The name that a sparse initializer goes by: that of the tensor of its non-zero values. */
    private static String sparseName(Decoding decoding) throws IOException {
        String name = "";
        WireInput input = decoding.input;
        long outer = input.enter();
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == (GraphFields.SPARSE_VALUES << 3 | WireType.LENGTH)) {
                name = TensorDecoder.decode(decoding).name();
            } else {
                input.skip(tag);
            }
        }
        if (ExternalReferences.isIn(input.range(start, input.position(), Integer.MAX_VALUE))) {
            throw decoding.refuse(
                    "the sparse initializer \""
                            + name
                            + "\" is in external data, which is only supported for dense tensors",
                    "Save the model again with all tensors in one file, for example with onnx.save"
                            + " in Python");
        }
        input.leave(outer);
        return name;
    }
}
