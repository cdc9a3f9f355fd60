package dev.fewbit.runtime.calibrate;

import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.RepeatedRun;
import dev.fewbit.runtime.session.RuntimeModelException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a float model on samples and gathers statistics of values inside it.
 *
 * <p>The wanted values are made outputs of the model, which then runs once for every sample. What
 * it gives is folded into statistics while further samples run, and forgotten: memory does not grow
 * with the number of samples. Samples may differ in shape. Each sample runs on one core, several
 * side by side ({@link Pipeline}), so that the model's numbers do not depend on the number of
 * threads; neither do statistics, which take samples in any order.
 *
 * <p>Should the values of one sample take more memory than the options allow, the values are split
 * into groups and the model runs once for each. A later sample that is so much larger than the
 * first is put off until the others are done, and then treated so. Sizes are told beforehand from
 * the shapes that ONNX Runtime infers, and by a trial run where these say too much.
 *
 * <p>A value of which no channels are wanted and which is another wanted value behind a Relu or a
 * Clip is not computed: its statistics follow exactly from the other's, unless that has NaN or
 * infinite elements; then the model runs once more for it.
 *
 * <p>An output keeps the runtime from fusing over it and from using its memory again: ask only for
 * values that are needed.
 */
public final class Calibration {

    private static final String PHASE = "calibration";

    private final ObservedModel model;
    private final List<ValueCollector> values;
    private final Samples samples;
    private final CalibrationOptions options;

    private Calibration(
            ObservedModel model,
            List<ValueCollector> values,
            Samples samples,
            CalibrationOptions options) {
        this.model = model;
        this.values = values;
        this.samples = samples;
        this.options = options;
    }

    /**
     * Gathers statistics. They say nothing of how the model was prepared: see {@link
     * Statistics#describing}.
     *
     * @param preparedModel the float model
     * @param wanted the values to measure, each once; for none the model is not run
     * @param samples what to run the model on, fitted to its inputs
     * @param options how
     * @return statistics of all that is wanted
     * @throws CalibrationException if the model has no such value, or it is not of a floating-point
     *     type, or does not have the channels that are wanted
     * @throws SampleDataException if there is no sample
     * @throws RuntimeModelException if ONNX Runtime cannot load or run the model
     * @throws IOException if a file cannot be read, or the samples do not fit the model
     * @throws InterruptedException if the thread is interrupted
     */
    public static Statistics run(
            Path preparedModel,
            List<Observation> wanted,
            Samples samples,
            CalibrationOptions options)
            throws IOException, InterruptedException {
        options.progress().progress(PHASE, 0, samples.count().orElse(-1));
        ObservedModel model = ObservedModel.read(preparedModel);
        List<ValueCollector> values = model.collectors(wanted);
        List<ClampedValue> clamped = model.clamped(values);
        List<ValueCollector> computed = new ArrayList<>(values);
        clamped.forEach(each -> computed.remove(each.value()));
        long count = new Calibration(model, computed, samples, options).run();
        List<ValueCollector> unknown = ClampedValue.fill(clamped);
        if (!unknown.isEmpty()) {
            new Calibration(model, unknown, samples, options).run();
        }
        Map<String, TensorStatistics> statistics = new LinkedHashMap<>();
        for (ValueCollector value : values) {
            statistics.put(value.name(), value.statistics());
        }
        List<String> warnings = new ArrayList<>(samples.warnings());
        for (ValueCollector value : values) {
            value.warning().ifPresent(warnings::add);
        }
        return new Statistics(
                FileHash.sha256(preparedModel), List.of(), count, statistics, warnings);
    }

    private long run() throws IOException, InterruptedException {
        if (values.isEmpty()) {
            return 0;
        }
        List<Sample> first = samples.first(1);
        if (first.isEmpty()) {
            throw new SampleDataException(
                    samples.description(), "there is no sample", "Give at least one");
        }
        SampleRound round = round(first.getFirst(), null);
        Optional<Sample> larger = round.largestPutOff();
        if (larger.isPresent()) {
            round(larger.get(), round);
        }
        return round.visited();
    }

    /** Runs all samples that are about as large as a typical one. */
    private SampleRound round(Sample typical, @Nullable SampleRound before)
            throws IOException, InterruptedException {
        ValueSizes sizes;
        try (ModelSession session = model.open(values, 1)) {
            sizes = new ValueSizes(session, model.shapes());
            long bytes = sizes.bytes(typical, values);
            if (bytes <= options.mostBytes() && lanes(bytes) == options.threads()) {
                SampleRound round = round(sizes, options.mostBytes(), before);
                pass(session, round, values, options.threads(), PHASE);
                return round;
            }
        }
        if (sizes.bytes(typical, values) > options.mostBytes()) {
            tryOut(sizes, typical);
        }
        List<List<ValueCollector>> groups = groups(sizes, typical);
        long all = Math.max(sizes.bytes(typical, values), options.mostBytes());
        SampleRound round = round(sizes, all, before);
        for (int i = 0; i < groups.size(); i++) {
            List<ValueCollector> group = groups.get(i);
            int lanes = lanes(sizes.bytes(typical, group));
            String phase = groups.size() == 1 ? PHASE : inGroups(i + 1, groups.size());
            try (ModelSession session = model.open(group, options.threads() / lanes)) {
                pass(session, round, group, lanes, phase);
            }
        }
        return round;
    }

    private SampleRound round(ValueSizes sizes, long mostBytes, @Nullable SampleRound before) {
        return new SampleRound(samples, options, values, sizes, mostBytes, before);
    }

    private static String inGroups(int pass, int passes) {
        return PHASE + ", values in groups, pass " + pass + " of " + passes;
    }

    /** Finds out what the values of a sample take, running it for a few of them at a time. */
    private void tryOut(ValueSizes sizes, Sample sample) throws IOException {
        options.progress().progress(PHASE + ", sizes of the values", 0, 1);
        for (List<ValueCollector> group : groups(sizes, sample)) {
            List<ValueCollector> computed =
                    group.stream().filter(value -> !value.isInput()).toList();
            if (computed.isEmpty()) {
                continue;
            }
            List<String> names = computed.stream().map(ValueCollector::name).toList();
            try (ModelSession session = model.open(computed, options.threads());
                    RepeatedRun run = session.repeatedly(names)) {
                List<NumberArray> arrays = run.run(sample);
                for (int i = 0; i < arrays.size(); i++) {
                    sizes.measured(sample, computed.get(i), arrays.get(i).bytes().limit());
                }
            }
        }
    }

    /** Splits the values so that each group of a sample fits, unless it is a single value. */
    private List<List<ValueCollector>> groups(ValueSizes sizes, Sample sample) {
        List<List<ValueCollector>> groups = new ArrayList<>();
        long used = Long.MAX_VALUE;
        for (ValueCollector value : values) {
            long bytes = sizes.bytes(sample, List.of(value));
            if (used > options.mostBytes() - bytes) {
                groups.add(new ArrayList<>());
                used = 0;
            }
            groups.getLast().add(value);
            used += bytes;
        }
        return groups;
    }

    private void pass(
            ModelSession session,
            SampleRound round,
            List<ValueCollector> group,
            int lanes,
            String phase)
            throws IOException, InterruptedException {
        int free = Runtime.getRuntime().availableProcessors() - options.threads();
        int helpers = Math.clamp(free, 0, lanes);
        try (Pipeline pipeline =
                new Pipeline(session, group, model.shapes(), lanes, helpers, memory())) {
            round.feed(pipeline, group, phase);
        }
    }

    /** Samples that may be in work at once when each takes that much. */
    private int lanes(long bytes) {
        return Math.clamp(memory() / Math.max(1, bytes), 1, options.threads());
    }

    /** Two samples as large as one may be, or many small ones. */
    private long memory() {
        return 2 * Math.min(options.mostBytes(), Long.MAX_VALUE / 4);
    }
}
