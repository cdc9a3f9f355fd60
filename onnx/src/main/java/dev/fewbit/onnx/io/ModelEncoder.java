package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FunctionDefinition;
import dev.fewbit.onnx.graph.MetadataEntry;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.OpsetImport;
import dev.fewbit.onnx.wire.WireOutput;

/**
 * Encodes a model as {@code ModelProto}. The graph comes last, so that a glance at the file shows
 * what it is.
 */
final class ModelEncoder {
    private ModelEncoder() {}

    static WireOutput encode(Model model, ExternalLayout external) {
        WireOutput output = new WireOutput();
        output.writeVarint(ModelFields.IR_VERSION, model.irVersion());
        output.writeNonEmpty(ModelFields.PRODUCER_NAME, model.producerName());
        output.writeNonEmpty(ModelFields.PRODUCER_VERSION, model.producerVersion());
        for (OpsetImport opset : model.opsets()) {
            WireOutput encoded = new WireOutput();
            encoded.writeNonEmpty(ModelFields.OPSET_DOMAIN, opset.domain());
            encoded.writeVarint(ModelFields.OPSET_VERSION, opset.version());
            encoded.writeRemainder(opset.remainder());
            output.writeMessage(ModelFields.OPSET_IMPORT, encoded);
        }
        for (MetadataEntry entry : model.metadata()) {
            WireOutput encoded = new WireOutput();
            encoded.writeString(ModelFields.ENTRY_KEY, entry.key());
            encoded.writeString(ModelFields.ENTRY_VALUE, entry.value());
            encoded.writeRemainder(entry.remainder());
            output.writeMessage(ModelFields.METADATA, encoded);
        }
        output.writeRemainder(model.remainder());
        for (FunctionDefinition function : model.functions()) {
            output.writePayload(ModelFields.FUNCTION, function.encoded());
        }
        output.writeMessage(ModelFields.GRAPH, GraphEncoder.encode(model.graph(), external));
        return output;
    }
}
