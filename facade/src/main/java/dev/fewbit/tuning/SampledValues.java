package dev.fewbit.tuning;

import dev.fewbit.runtime.data.NumberArray;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the channels of a value hold on some samples, at some places of each sample. Two values of
 * the same shapes, sampled with the same number of places, are sampled at the same places, so that
 * they can be compared number by number.
 */
final class SampledValues {
    private final int axis;
    private final int mostPlaces;
    private final List<float[]> parts = new ArrayList<>();
    private int channels;
    private int places;
    private long elements;

    /**
     * @param axis axis of the channels, from the end when negative
     * @param mostPlaces places of a sample at most
     */
    SampledValues(int axis, int mostPlaces) {
        this.axis = axis;
        this.mostPlaces = mostPlaces;
    }

    /**
     * The numbers of one sample, of 32-bit floats.
     *
     * @param number number of the sample; decides about the places
     */
    float[] part(NumberArray array, int number) {
        Layout layout = Layout.of(array, axis);
        FloatBuffer values = array.bytes().asFloatBuffer();
        int count = Math.min(mostPlaces, layout.places());
        float[] part = new float[layout.channels() * count];
        for (int k = 0; k < count; k++) {
            int place = place(k, count, layout.places(), number);
            int at = layout.first(place);
            for (int c = 0; c < layout.channels(); c++) {
                part[c * count + k] = values.get(at + c * layout.inner());
            }
        }
        return part;
    }

    /** One in every equally long piece, not always the same one of a picture's row. */
    private static int place(int k, int count, int places, int number) {
        int from = (int) ((long) k * places / count);
        int to = (int) ((long) (k + 1) * places / count);
        return from + (int) ((k * 7919L + number * 104729L) % (to - from));
    }

    /** Adds the next sample's numbers, as {@link #part} gave them for this array. */
    void add(NumberArray array, float[] part) {
        channels = Layout.of(array, axis).channels();
        places += channels == 0 ? 0 : part.length / channels;
        elements += array.size();
        parts.add(part);
    }

    /** Number of channels. */
    int channels() {
        return channels;
    }

    /** Numbers that are kept of each channel. */
    int places() {
        return places;
    }

    /** Numbers that the samples had, kept or not. */
    long elements() {
        return elements;
    }

    /** All numbers of a channel that are kept of the first samples. */
    float[] channel(int channel, int samples) {
        int count = 0;
        for (int i = 0; i < samples; i++) {
            count += parts.get(i).length / channels;
        }
        float[] result = new float[count];
        int at = 0;
        for (int i = 0; i < samples; i++) {
            int length = parts.get(i).length / channels;
            System.arraycopy(parts.get(i), channel * length, result, at, length);
            at += length;
        }
        return result;
    }

    /** All numbers of a channel that are kept. */
    float[] channel(int channel) {
        return channel(channel, parts.size());
    }

    /** An array as {@code [outer][channels][inner]}; a place is one of outer and one of inner. */
    private record Layout(int outer, int channels, int inner) {
        static Layout of(NumberArray array, int axis) {
            long[] shape = array.shape();
            int channelAxis = axis < 0 ? axis + shape.length : axis;
            int outer = 1;
            int inner = 1;
            for (int i = 0; i < shape.length; i++) {
                if (i < channelAxis) {
                    outer *= (int) shape[i];
                } else if (i > channelAxis) {
                    inner *= (int) shape[i];
                }
            }
            return new Layout(outer, (int) shape[channelAxis], inner);
        }

        int places() {
            return outer * inner;
        }

        int first(int place) {
            return place / inner * channels * inner + place % inner;
        }
    }
}
