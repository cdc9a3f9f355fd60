package dev.fewbit.runtime.data;

import dev.fewbit.runtime.json.JsonReader;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads nested lists of numbers into one array: int64 when every number is an integer that fits,
 * float64 otherwise. Truth values count as 0 and 1.
 */
final class JsonNumbers {

    private static final int DEEPEST = 16;

    private final JsonReader json;
    private final long[] shape = new long[DEEPEST];
    private int rank = -1;
    private long[] integers = new long[64];
    private double[] reals = new double[0];
    private boolean real;
    private int size;

    private JsonNumbers(JsonReader json) {
        this.json = json;
        Arrays.fill(shape, -1);
    }

    /**
     * Reads the next value.
     *
     * @param json stands before a number, a truth value or a list
     * @return its shape is that of the nesting
     * @throws IOException if the nesting is not rectangular, or something else than numbers is in
     *     it
     */
    static NumberArray read(JsonReader json) throws IOException {
        JsonNumbers numbers = new JsonNumbers(json);
        numbers.value(0);
        long[] shape = Arrays.copyOf(numbers.shape, numbers.rank);
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = Math.max(shape[axis], 0);
        }
        return numbers.real
                ? NumberArray.ofDoubles(Arrays.copyOf(numbers.reals, numbers.size), shape)
                : NumberArray.ofLongs(Arrays.copyOf(numbers.integers, numbers.size), shape);
    }

    private void value(int depth) throws IOException {
        switch (json.peek()) {
            case ARRAY -> list(depth);
            case NUMBER -> {
                leaf(depth);
                add(json.number());
            }
            case BOOLEAN -> {
                leaf(depth);
                addInteger(json.booleanValue() ? 1 : 0);
            }
            case OBJECT, STRING, NULL, END, DONE ->
                    throw json.error("a number or a list of numbers is expected");
        }
    }

    private void list(int depth) throws IOException {
        if (depth == DEEPEST) {
            throw json.error("lists are nested deeper than " + DEEPEST);
        }
        if (depth == rank) {
            throw json.error("numbers stand at different depths of nesting");
        }
        json.beginArray();
        long count = 0;
        while (json.hasNext()) {
            value(depth + 1);
            count++;
        }
        json.endArray();
        if (count == 0 && rank < 0) {
            rank = depth + 1;
        }
        if (shape[depth] >= 0 && shape[depth] != count) {
            throw json.error(
                    "lists of "
                            + shape[depth]
                            + " and of "
                            + count
                            + " elements stand side by side; a tensor is rectangular");
        }
        shape[depth] = count;
    }

    private void leaf(int depth) throws IOException {
        if (rank < 0) {
            rank = depth;
        } else if (rank != depth) {
            throw json.error("numbers stand at different depths of nesting");
        }
    }

    private void add(String text) throws IOException {
        try {
            if (isInteger(text)) {
                addInteger(Long.parseLong(text));
            } else if (isReal(text)) {
                addReal(Double.parseDouble(text));
            } else {
                throw json.error("'" + text + "' is not a number");
            }
        } catch (NumberFormatException malformed) {
            throw json.error("'" + text + "' is not a number");
        }
    }

    private static boolean isInteger(String text) {
        // Eighteen digits always fit a long; longer ones are taken as reals.
        if (text.length() > 18) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && !(c == '-' && i == 0)) {
                return false;
            }
        }
        return true;
    }

    /** Java would also take 1f, 1d and 0x1p3. */
    private static boolean isReal(String text) {
        return text.equals("NaN")
                || text.endsWith("Infinity")
                || text.chars().allMatch(c -> "+-.eE0123456789".indexOf(c) >= 0);
    }

    private void addInteger(long value) {
        if (real) {
            addReal((double) value);
            return;
        }
        if (size == integers.length) {
            integers = Arrays.copyOf(integers, size * 2);
        }
        integers[size++] = value;
    }

    private void addReal(double value) {
        if (!real) {
            real = true;
            reals = new double[integers.length];
            for (int i = 0; i < size; i++) {
                reals[i] = (double) integers[i];
            }
        }
        if (size == reals.length) {
            reals = Arrays.copyOf(reals, size * 2);
        }
        reals[size++] = value;
    }
}
