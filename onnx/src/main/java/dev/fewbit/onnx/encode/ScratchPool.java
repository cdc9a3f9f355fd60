package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.quantize.QuantizedBand;

import java.util.ArrayDeque;

/**
 * Buffers that the bands of all weights of a model take turns with. As many are made as there are
 * threads; without them every band would touch fresh memory.
 */
final class ScratchPool {
    private final ArrayDeque<Scratch> idle = new ArrayDeque<>();

    /** A buffer that nobody else uses until it is given back. */
    Scratch take() {
        synchronized (idle) {
            Scratch scratch = idle.poll();
            return scratch == null ? new Scratch() : scratch;
        }
    }

    void giveBack(Scratch scratch) {
        synchronized (idle) {
            idle.push(scratch);
        }
    }

    /** Room for one band: its floats, and what becomes of them. */
    static final class Scratch {
        private float[] values = {};
        private QuantizedBand band = new QuantizedBand(new Affine(8, true, true));

        /** An array of at least this many floats, with anything in it. */
        float[] values(int count) {
            if (values.length < count) {
                values = new float[count];
            }
            return values;
        }

        /** A band for codes of this format. */
        QuantizedBand band(Affine format) {
            if (!band.format().equals(format)) {
                band = new QuantizedBand(format);
            }
            return band;
        }
    }
}
