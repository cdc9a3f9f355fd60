package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.AppendedOutputs;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.OutputSpecification;
import dev.fewbit.runtime.session.PreparedRun;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Error inside the network: the chosen values are made outputs of both models, and the models run
 * side by side.
 *
 * <p>The runtime keeps an output alive until the end of a run, so the values are taken in groups: a
 * small one first, which tells how large a value is, then groups of up to 256 MiB. An output also
 * keeps the runtime from fusing over it. The graph optimizations are those of an ordinary session,
 * but where a fusion is blocked, a step that normally runs on an integer kernel may be computed in
 * float from the same quantized numbers; the figures say what quantization costs at that place, not
 * which kernel ran.
 */
final class LayerErrors {

    private static final int FIRST_GROUP = 32;
    private static final long GROUP_BYTES = 256L << 20;

    private final Path original;
    private final Path quantized;
    private final List<Sample> samples;
    private final CompareOptions options;

    LayerErrors(Path original, Path quantized, List<Sample> samples, CompareOptions options) {
        this.original = original;
        this.quantized = quantized;
        this.samples = samples;
        this.options = options;
    }

    /**
     * Measures.
     *
     * @param values what to compare
     * @return errors in the order of the values; values that are no float tensors, or differ in
     *     shape, are left out
     * @throws IOException if a model cannot be read
     */
    List<LayerError> measure(List<LayerValue> values) throws IOException {
        List<LayerError> errors = new ArrayList<>();
        int group = FIRST_GROUP;
        int from = 0;
        long bytes = 0;
        while (from < values.size()) {
            options.progress().progress("error per layer", from, values.size());
            int to = Math.min(from + group, values.size());
            bytes += measure(values.subList(from, to), errors);
            from = to;
            long each = Math.max(bytes / from, 1);
            group = Math.clamp(GROUP_BYTES / each, 1, 1 << 16);
        }
        options.progress().progress("error per layer", values.size(), values.size());
        return errors;
    }

    /** Measures one group and returns the bytes that its values take in one model. */
    private long measure(List<LayerValue> values, List<LayerError> errors) throws IOException {
        Map<String, ErrorSums> sums = new LinkedHashMap<>();
        long bytes = 0;
        try (ModelSession first = open(original, values);
                ModelSession second = open(quantized, values)) {
            Set<String> comparable = floats(first);
            comparable.retainAll(floats(second));
            for (Sample sample : samples) {
                try (PreparedRun firstRun = first.prepare(sample, comparable);
                        PreparedRun secondRun = second.prepare(sample, comparable)) {
                    Map<String, NumberArray> expected = firstRun.outputs();
                    Map<String, NumberArray> found = secondRun.outputs();
                    long sampleBytes = 0;
                    for (LayerValue value : values) {
                        NumberArray x = expected.get(value.name());
                        NumberArray y = found.get(value.name());
                        if (x != null && y != null && Arrays.equals(x.shape(), y.shape())) {
                            sums.computeIfAbsent(value.name(), name -> new ErrorSums()).add(x, y);
                            sampleBytes += x.bytes().limit();
                        }
                    }
                    bytes = Math.max(bytes, sampleBytes);
                }
            }
        }
        for (LayerValue value : values) {
            ErrorSums sum = sums.get(value.name());
            if (sum != null && sum.count() > 0) {
                errors.add(
                        new LayerError(
                                value.name(),
                                value.node(),
                                value.operator(),
                                sum.sqnrDecibels(),
                                sum.cosine()));
            }
        }
        return bytes;
    }

    private ModelSession open(Path model, List<LayerValue> values) throws IOException {
        SessionSettings settings = SessionSettings.withThreads(options.threads());
        Path folder = model.toAbsolutePath().getParent();
        if (folder != null) {
            settings = settings.externalDataIn(folder);
        }
        try (Arena arena = Arena.ofConfined()) {
            List<String> names = values.stream().map(LayerValue::name).toList();
            ByteBuffer bytes = AppendedOutputs.of(model, names, arena);
            return ModelSession.open(model.toString(), bytes, settings);
        }
    }

    private static Set<String> floats(ModelSession session) {
        Set<String> names = new HashSet<>();
        for (OutputSpecification output : session.outputs()) {
            if (output.type().isPresent() && output.type().get().isFloat()) {
                names.add(output.name());
            }
        }
        return names;
    }
}
