package dev.fewbit.runtime.calibrate;

import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The statistics of one value while they grow. Several threads may add. */
final class ValueCollector {

    /**
     * Elements of one sample that say enough of how a value is distributed. Of larger tensors not
     * all are counted, though all are in ranges and sums: that would take longer than computing
     * them.
     */
    private static final int ENOUGH = 1 << 13;

    private static final int LEAST_STEP = 4;
    private static final int MOST_STEP = 16;

    private final Observation observation;
    private final boolean input;
    private TensorStatistics statistics;
    private long firstNotFinite = -1;
    private long samplesNotFinite;

    /**
     * Empty.
     *
     * @param observation what is wanted
     * @param input whether the value is an input of the model
     */
    ValueCollector(Observation observation, boolean input) {
        this.observation = observation;
        this.input = input;
        this.statistics = new TensorStatistics(observation.detail());
    }

    String name() {
        return observation.value();
    }

    /** Whether nothing is wanted of the channels. */
    boolean isWhole() {
        return observation.detail() == ChannelDetail.NONE;
    }

    /** Whether the value is an input of the model, and known without a run. */
    boolean isInput() {
        return input;
    }

    /**
     * Adds what a sample made of the value.
     *
     * @throws CalibrationException if it does not have the channels that are wanted
     */
    synchronized void add(long sample, NumberArray array) throws CalibrationException {
        long before = statistics.notFinite();
        FloatBuffer floats = floats(array);
        if (observation.detail() == ChannelDetail.NONE) {
            statistics.add(floats, step(floats.remaining()));
        } else {
            addChannels(sample, array.shape(), floats);
        }
        if (statistics.notFinite() > before) {
            samplesNotFinite++;
            firstNotFinite = firstNotFinite < 0 ? sample : Math.min(firstNotFinite, sample);
        }
    }

    /** Sets what otherwise is gathered. */
    synchronized void set(TensorStatistics known) {
        statistics = known;
    }

    /** What was gathered; to be read when nothing is added any more. */
    synchronized TensorStatistics statistics() {
        return statistics;
    }

    /** What is to be said of NaN and infinite elements, if there were any. */
    synchronized Optional<String> warning() {
        if (samplesNotFinite == 0) {
            return Optional.empty();
        }
        return Optional.of(
                "value '%s': %d elements are NaN or infinite, in %s; they are left out of its statistics"
                        .formatted(
                                name(),
                                statistics.notFinite(),
                                samplesNotFinite == 1
                                        ? "sample " + firstNotFinite
                                        : samplesNotFinite
                                                + " samples, the first of which is sample "
                                                + firstNotFinite));
    }

    private void addChannels(long sample, long[] shape, FloatBuffer floats)
            throws CalibrationException {
        int axis = observation.axis() < 0 ? observation.axis() + shape.length : observation.axis();
        if (axis < 0 || axis >= shape.length) {
            throw new CalibrationException(
                    "value '%s' has the shape %s in sample %d and no axis %d for its channels. Name another axis, or ask for no channels"
                            .formatted(name(), Arrays.toString(shape), sample, observation.axis()));
        }
        if (floats.remaining() == 0) {
            return;
        }
        int outer = 1;
        for (int i = 0; i < axis; i++) {
            outer *= (int) shape[i];
        }
        int channels = (int) shape[axis];
        int inner = floats.remaining() / outer / channels;
        try {
            statistics.addChannels(floats, outer, channels, inner, step(floats.remaining()));
        } catch (IllegalArgumentException otherNumber) {
            throw new CalibrationException(
                    "value '%s' has the shape %s in sample %d: the number of channels along axis %d varies (%s). Ask for no channels of it"
                            .formatted(
                                    name(),
                                    Arrays.toString(shape),
                                    sample,
                                    observation.axis(),
                                    otherNumber.getMessage()),
                    otherNumber);
        }
    }

    /**
     * How many elements of a tensor one stands for, so that {@value #ENOUGH} or more are counted.
     */
    static int step(int elements) {
        int step = Integer.highestOneBit(Math.max(elements / ENOUGH, 1));
        return step < LEAST_STEP ? 1 : Math.min(step, MOST_STEP);
    }

    private static FloatBuffer floats(NumberArray array) {
        NumberArray same =
                array.type() == NumberType.FLOAT32 ? array : array.as(NumberType.FLOAT32);
        return same.bytes().asFloatBuffer();
    }
}
