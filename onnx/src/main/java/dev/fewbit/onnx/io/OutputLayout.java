package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FileRegion;
import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.StoredBytes;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorData;
import dev.fewbit.onnx.graph.TypedField;
import dev.fewbit.onnx.wire.WireOutput;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes where in the files to be written: all sizes are known before the first byte is written.
 */
final class OutputLayout {
    /** A place in one of the files. */
    record Place(boolean external, long position) {}

    /** Bytes from memory that go to a place. */
    record Literal(Place place, InlineBytes bytes) {}

    /** Bytes of a file that go to a place. */
    record Copy(Place place, FileRegion source) {}

    /** A tensor whose typed elements are decoded for the external file. */
    record Decoded(Place place, Tensor tensor) {}

    final List<Literal> literals = new ArrayList<>();
    final List<Copy> copies = new ArrayList<>();
    final List<Decoded> decoded = new ArrayList<>();
    final Map<Pending, List<Place>> pending = new LinkedHashMap<>();
    final long modelSize;
    final long externalSize;

    private OutputLayout(WireOutput model, ExternalLayout external) {
        long position = 0;
        for (WireOutput.Part part : model.parts()) {
            switch (part) {
                case WireOutput.Bytes bytes ->
                        literals.add(new Literal(new Place(false, position), bytes.content()));
                case WireOutput.Payload payload -> add(new Place(false, position), payload.data());
            }
            position += part.size();
        }
        modelSize = position;
        for (ExternalLayout.Entry entry : external.entries()) {
            Place place = new Place(true, entry.offset());
            if (entry.tensor().data() instanceof TypedField field && !field.isRaw()) {
                decoded.add(new Decoded(place, entry.tensor()));
            } else {
                add(place, entry.tensor().data());
            }
        }
        externalSize = external.size();
    }

    private OutputLayout(Collection<Pending> tensors) {
        long position = 0;
        for (Pending tensor : tensors) {
            pending.put(tensor, List.of(new Place(false, position)));
            position = Math.addExact(position, tensor.byteSize());
        }
        modelSize = position;
        externalSize = 0;
    }

    /** Only the bytes of pending tensors, one after the other. */
    static OutputLayout pendingOnly(Collection<Pending> tensors) {
        return new OutputLayout(tensors);
    }

    /** Everything in one file. */
    static OutputLayout embedded(Model model) {
        return of(model, ExternalLayout.none());
    }

    /** Large tensors in an external file of this name. */
    static OutputLayout external(Model model, String fileName) {
        return of(model, ExternalLayout.file(fileName));
    }

    private static OutputLayout of(Model model, ExternalLayout external) {
        return new OutputLayout(ModelEncoder.encode(model, external), external);
    }

    /** Bytes of all files. */
    long totalSize() {
        return modelSize + externalSize;
    }

    /** Bytes that are written: all but the gaps between aligned tensors. */
    long contentSize() {
        long size = literals.stream().mapToLong(literal -> literal.bytes().byteSize()).sum();
        size += copies.stream().mapToLong(copy -> copy.source().byteSize()).sum();
        size += decoded.stream().mapToLong(tensor -> tensor.tensor().byteSize()).sum();
        for (Map.Entry<Pending, List<Place>> entry : pending.entrySet()) {
            size += entry.getKey().byteSize() * entry.getValue().size();
        }
        return size;
    }

    private void add(Place place, TensorData data) {
        switch (data) {
            case StoredBytes stored -> addStored(place, stored);
            case TypedField field -> addStored(place, field.encoded());
            case Pending promise ->
                    pending.computeIfAbsent(promise, _ -> new ArrayList<>(1)).add(place);
        }
    }

    private void addStored(Place place, StoredBytes stored) {
        switch (stored) {
            case InlineBytes inline -> literals.add(new Literal(place, inline));
            case FileRegion region -> copies.add(new Copy(place, region));
        }
    }
}
