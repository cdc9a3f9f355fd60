package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FunctionDefinition;
import dev.fewbit.onnx.graph.InvalidGraphException;
import dev.fewbit.onnx.graph.MetadataEntry;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.OpsetImport;
import dev.fewbit.onnx.wire.RemainderBuilder;
import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Decodes a {@code ModelProto}. */
final class ModelDecoder {
    private static final int MOST_INLINE_FUNCTION = 1 << 16;

    private final Decoding decoding;
    private final WireInput input;
    private final RemainderBuilder remainder;
    private final List<OpsetImport> opsets = new ArrayList<>();
    private final List<MetadataEntry> metadata = new ArrayList<>();
    private final List<FunctionDefinition> functions = new ArrayList<>();
    private long irVersion;
    private String producerName = "";
    private String producerVersion = "";
    private @Nullable GraphDraft graph;

    private ModelDecoder(Decoding decoding) {
        this.decoding = decoding;
        this.input = decoding.input;
        this.remainder = new RemainderBuilder(input);
    }

    /** Decodes the model that the whole input holds. */
    static Model decode(Decoding decoding) throws IOException {
        return new ModelDecoder(decoding).readFields().assemble();
    }

    private ModelDecoder readFields() throws IOException {
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case ModelFields.IR_VERSION << 3 | WireType.VARINT ->
                        irVersion = input.readVarint();
                case ModelFields.PRODUCER_NAME << 3 | WireType.LENGTH ->
                        producerName = input.readString();
                case ModelFields.PRODUCER_VERSION << 3 | WireType.LENGTH ->
                        producerVersion = input.readString();
                case ModelFields.GRAPH << 3 | WireType.LENGTH -> readGraph();
                case ModelFields.OPSET_IMPORT << 3 | WireType.LENGTH -> opsets.add(readOpset());
                case ModelFields.METADATA << 3 | WireType.LENGTH -> metadata.add(readMetadata());
                case ModelFields.FUNCTION << 3 | WireType.LENGTH -> functions.add(readFunction());
                case ModelFields.TRAINING_INFO << 3 | WireType.LENGTH -> {
                    remainder.keep(tag, start);
                    refuseExternalReferences(start, "the training information");
                }
                default -> remainder.keep(tag, start);
            }
            start = input.position();
        }
        return this;
    }

    private Model assemble() throws IOException {
        GraphDraft draft = graph;
        if (draft == null) {
            throw decoding.refuse(
                    "there is no graph in it",
                    "Check that this is an ONNX model, and the whole file");
        }
        Model model = new Model(irVersion, draft.graph);
        for (OpsetImport opset : opsets) {
            if (model.opset(opset.domain()).isPresent()) {
                throw decoding.damaged(
                        "the operator set \"" + opset.domain() + "\" is imported twice");
            }
            model.setOpset(opset);
        }
        SupportedVersions.require(decoding, model);
        GraphLinker.link(decoding, draft);
        try {
            model.graph().verify();
        } catch (InvalidGraphException e) {
            throw decoding.damaged(String.valueOf(e.getMessage()));
        }
        model.setProducer(producerName, producerVersion);
        for (MetadataEntry entry : metadata) {
            model.addMetadata(entry);
        }
        for (FunctionDefinition function : functions) {
            model.addFunction(function);
        }
        model.setRemainder(remainder.build());
        return model;
    }

    private void readGraph() throws IOException {
        GraphDraft draft = graph;
        if (draft == null) {
            draft = new GraphDraft(input);
            graph = draft;
        }
        GraphDecoder.decodeInto(draft, decoding, 1);
    }

    private OpsetImport readOpset() throws IOException {
        decoding.spend(1);
        String domain = "";
        long version = 0;
        RemainderBuilder rest = new RemainderBuilder(input);
        long outer = input.enter();
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case ModelFields.OPSET_DOMAIN << 3 | WireType.LENGTH -> domain = input.readString();
                case ModelFields.OPSET_VERSION << 3 | WireType.VARINT ->
                        version = input.readVarint();
                default -> rest.keep(tag, start);
            }
            start = input.position();
        }
        input.leave(outer);
        return new OpsetImport(domain, version, rest.build());
    }

    private MetadataEntry readMetadata() throws IOException {
        decoding.spend(1);
        String key = "";
        String value = "";
        RemainderBuilder rest = new RemainderBuilder(input);
        long outer = input.enter();
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case ModelFields.ENTRY_KEY << 3 | WireType.LENGTH -> key = input.readString();
                case ModelFields.ENTRY_VALUE << 3 | WireType.LENGTH -> value = input.readString();
                default -> rest.keep(tag, start);
            }
            start = input.position();
        }
        input.leave(outer);
        return new MetadataEntry(key, value, rest.build());
    }

    private FunctionDefinition readFunction() throws IOException {
        decoding.spend(1);
        String name = "";
        String domain = "";
        String overload = "";
        long outer = input.enter();
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case ModelFields.FUNCTION_NAME << 3 | WireType.LENGTH -> name = input.readString();
                case ModelFields.FUNCTION_DOMAIN << 3 | WireType.LENGTH ->
                        domain = input.readString();
                case ModelFields.FUNCTION_OVERLOAD << 3 | WireType.LENGTH ->
                        overload = input.readString();
                default -> input.skip(tag);
            }
        }
        refuseExternalReferences(start, "the function " + name);
        FunctionDefinition function =
                new FunctionDefinition(
                        domain,
                        name,
                        overload,
                        input.range(start, input.position(), MOST_INLINE_FUNCTION));
        input.leave(outer);
        return function;
    }

    /**
     * Parts that are carried along encoded cannot be given new places of external data, so they
     * must not have any.
     */
    private void refuseExternalReferences(long start, String where) throws IOException {
        if (ExternalReferences.isIn(input.range(start, input.position(), Integer.MAX_VALUE))) {
            throw decoding.refuse(
                    where
                            + " keeps tensors in external data, which is only supported for tensors"
                            + " of graphs",
                    "Save the model again with all tensors in one file, for example with onnx.save"
                            + " in Python");
        }
    }
}
