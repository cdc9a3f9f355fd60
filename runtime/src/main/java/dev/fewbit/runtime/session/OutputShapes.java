package dev.fewbit.runtime.session;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The shapes that a session's outputs had for input shapes seen before, shared by its {@link
 * RepeatedRun repeated runs}. May be used by several threads.
 */
final class OutputShapes {

    /** Input shapes that are remembered; with more, all are forgotten. */
    private static final int MOST = 512;

    private final Map<List<Long>, List<Output>> known = new HashMap<>();
    private boolean fixed = true;

    /** Type and shape of an output. */
    record Output(String name, NumberType type, List<Long> shape) {

        Output {
            shape = List.copyOf(shape);
        }

        long[] dimensions() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }

        /** Bytes of all elements. */
        long size() {
            long size = type.byteSize();
            for (long dimension : shape) {
                size = Math.multiplyExact(size, dimension);
            }
            return size;
        }
    }

    /** Ranks and dimensions of a sample's inputs: samples with the same ones give outputs alike. */
    static List<Long> signature(Sample sample) {
        List<Long> signature = new ArrayList<>();
        for (NumberArray array : sample.inputs().values()) {
            signature.add((long) array.rank());
            for (long dimension : array.shape()) {
                signature.add(dimension);
            }
        }
        return List.copyOf(signature);
    }

    /** The outputs for inputs of that signature; null when they are not known. */
    synchronized @Nullable List<Output> find(List<Long> signature) {
        return fixed ? known.get(signature) : null;
    }

    synchronized void put(List<Long> signature, List<Output> outputs) {
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(signature, List.copyOf(outputs));
    }

    /** From now on no shape is known: they depend on the values of the inputs. */
    synchronized void depend() {
        fixed = false;
        known.clear();
    }
}
