package dev.fewbit.onnx.graph;

import java.util.Objects;

/** One axis of a {@link Shape}: a size, a name that stands for a size, or nothing known. */
public sealed interface Dimension {

    /** A size that is known before the model runs, for example 384. */
    record Known(long size) implements Dimension {
        public Known {
            if (size < 0) {
                throw new IllegalArgumentException("A dimension cannot be negative: " + size);
            }
        }
    }

    /** A size that all dimensions of this name share, for example {@code batch_size}. */
    record Symbolic(String name) implements Dimension {
        public Symbolic {
            Objects.requireNonNull(name, "name");
        }
    }

    /** A size of which nothing is stated. */
    record Unknown() implements Dimension {}
}
