package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.runtime.calibrate.Observation;
import dev.fewbit.runtime.calibrate.Statistics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shifts of biases by what the quantized network is seen to do to the means, layer after layer. */
final class SequentialBias {
    private static final String REASON =
            "gives the outputs the means that they have in the float network";

    private final Workbench bench;
    private final QuantizedPrefix prefix;
    private final BiasRoom room;
    private final Statistics expected;
    private final KeptSamples samples;
    private final int count;

    /**
     * @param bench the prepared model
     * @param plan what is done to it
     * @param room how large biases may become
     * @param expected channels of what the layers make in the float network
     * @param samples the samples of these statistics
     * @param count how many of them
     */
    SequentialBias(
            Workbench bench,
            Plan plan,
            BiasRoom room,
            Statistics expected,
            KeptSamples samples,
            int count) {
        this.bench = bench;
        this.prefix = new QuantizedPrefix(bench.prepared(), plan);
        this.room = room;
        this.expected = expected;
        this.samples = samples;
        this.count = count;
    }

    /**
     * The shifts of layers that do not depend on each other.
     *
     * @param before corrections of the prepared model, those of all layers before among them
     */
    List<BiasShift> shifts(List<Correction> before, List<CorrectableLayer> layers)
            throws IOException, InterruptedException {
        Map<CorrectableLayer, String> names = new LinkedHashMap<>();
        Path file = prefix.write(before, layers, names);
        List<Observation> wanted = new ArrayList<>();
        names.forEach(
                (layer, name) -> wanted.add(Observation.ofChannels(name, layer.outputAxis())));
        Statistics actual = bench.calibrate(file, wanted, samples, count);
        List<BiasShift> shifts = new ArrayList<>();
        names.forEach(
                (layer, name) ->
                        actual.find(name)
                                .flatMap(found -> shift(layer, found))
                                .ifPresent(shifts::add));
        return shifts;
    }

    private Optional<BiasShift> shift(CorrectableLayer layer, TensorStatistics actual) {
        return expected.find(layer.output())
                .flatMap(TensorStatistics::channels)
                .flatMap(
                        should ->
                                actual.channels()
                                        .flatMap(is -> room.shift(layer).between(should, is)))
                .map(shift -> new BiasShift(layer.label(), shift, REASON));
    }
}
