package dev.fewbit.onnx.io;

import dev.fewbit.onnx.wire.WireInput;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** What the decoders of one model share: the input, and what they may do with it. */
final class Decoding {
    static final String GET_AGAIN = "The file is damaged: download or export it again";

    /** Graphs within graphs; real models have two or three. */
    static final int MAX_GRAPH_DEPTH = 32;

    final WireInput input;
    final ExternalFiles externalFiles;
    private final @Nullable Path file;
    private final long budget;
    private long spent;

    Decoding(WireInput input, @Nullable Path file) {
        this.input = input;
        this.file = file;
        this.externalFiles = new ExternalFiles(file);
        // A unit of the budget takes 300 bytes at most, so the graph takes less than 60 % of the
        // heap.
        this.budget = Math.max(50_000, Runtime.getRuntime().maxMemory() / 512);
    }

    /** Accounts for objects about to be made, so that a small hostile file cannot fill the heap. */
    void spend(long objects) throws OnnxFormatException {
        spent += objects;
        if (spent > budget) {
            throw new OnnxFormatException(
                    file,
                    "the graph has more than "
                            + budget
                            + " nodes, values and attributes, which is more than the memory allows",
                    "If this is a real model, give the process more memory (java -Xmx)");
        }
    }

    OnnxFormatException damaged(String reason) {
        return refuse(reason, GET_AGAIN);
    }

    OnnxFormatException refuse(String reason, String advice) {
        return new OnnxFormatException(file, reason, advice);
    }
}
