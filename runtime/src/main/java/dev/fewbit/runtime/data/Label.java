package dev.fewbit.runtime.data;

import java.util.ArrayList;
import java.util.List;

/** What a model should answer to a sample, as the data says it. */
public sealed interface Label {

    /**
     * Class numbers, from 0.
     *
     * @param numbers one for every row of the sample's batch
     */
    record Classes(List<Long> numbers) implements Label {
        /** Copies the list. */
        public Classes {
            numbers = List.copyOf(numbers);
        }
    }

    /**
     * Texts to be read.
     *
     * @param texts one for every row of the sample's batch
     */
    record Texts(List<String> texts) implements Label {
        /** Copies the list. */
        public Texts {
            texts = List.copyOf(texts);
        }
    }

    /**
     * One half of a pair. The halves are samples that follow each other, the first half first.
     *
     * @param second whether this is the second half
     * @param score how alike the halves are, on any scale
     */
    record Half(boolean second, double score) implements Label {}

    /**
     * Numbers that no task here knows.
     *
     * @param values as the data holds them
     */
    record Numbers(NumberArray values) implements Label {}

    /**
     * The label that an array says.
     *
     * @param values integers, one for every row of the batch, are classes
     * @param rows rows of the sample's batch
     */
    static Label of(NumberArray values, int rows) {
        if (values.type().isFloat() || values.size() != rows) {
            return new Numbers(values);
        }
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            numbers.add(values.longAt(i));
        }
        return new Classes(numbers);
    }
}
