package dev.fewbit.runtime.random;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.ModelInputs;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleVisitor;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.RuntimeModelException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Random inputs that fit a model: normal noise for floats, valid row numbers for integers that
 * index a table, ones for masks, zeros for token types. The same seed gives the same samples.
 */
public final class RandomSamples implements Samples {

    private final ModelInputs inputs;
    private final Map<String, InputUse> uses;
    private final Sizes sizes;
    private final long seed;
    private final int count;

    private RandomSamples(
            ModelInputs inputs, Map<String, InputUse> uses, Sizes sizes, long seed, int count) {
        this.inputs = inputs;
        this.uses = uses;
        this.sizes = sizes;
        this.seed = seed;
        this.count = count;
    }

    /**
     * Finds sizes for the free axes by running the model once, trying several.
     *
     * @param session the model
     * @param graph the same model's graph, which tells what the inputs mean
     * @param seed of the random numbers
     * @param count number of samples, at least 1
     * @throws RuntimeModelException if the model accepts none of the sizes
     */
    public static RandomSamples fitting(ModelSession session, Graph graph, long seed, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be 1 or more, got " + count);
        }
        Map<String, InputUse> uses = new LinkedHashMap<>();
        for (InputSpecification input : session.inputs().inputs()) {
            uses.put(input.name(), InputUse.of(graph, input.name()));
        }
        List<String> tried = new ArrayList<>();
        String refusal = "";
        for (Sizes sizes : Sizes.CANDIDATES) {
            RandomSamples samples = new RandomSamples(session.inputs(), uses, sizes, seed, count);
            String shapes = samples.describeShapes();
            if (tried.contains(shapes)) {
                continue;
            }
            tried.add(shapes);
            try {
                session.run(samples.sample(0));
                return samples;
            } catch (RuntimeModelException refused) {
                refusal = refused.problem();
            }
        }
        throw new RuntimeModelException(
                session.name(),
                "no random inputs were found that the model accepts; tried "
                        + String.join("; ", tried)
                        + ". The last refusal was: "
                        + refusal,
                "Give real inputs: a .npz, .npy or .jsonl file");
    }

    @Override
    public String description() {
        return count
                + " random "
                + (count == 1 ? "sample" : "samples")
                + " (seed "
                + seed
                + "): "
                + describeShapes();
    }

    @Override
    public boolean random() {
        return true;
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(count);
    }

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        for (int index = 0; index < count; index++) {
            if (!visitor.visit(sample(index))) {
                return;
            }
        }
    }

    @Override
    public List<String> warnings() {
        return List.of("the inputs are random; errors on real inputs may be smaller or larger");
    }

    @Override
    public void close() {}

    private Sample sample(int index) {
        Map<String, NumberArray> arrays = new LinkedHashMap<>();
        int number = 0;
        for (InputSpecification input : inputs.inputs()) {
            SplittableRandom random =
                    new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index * 1_000_003L + number);
            arrays.put(
                    input.name(),
                    RandomArrays.draw(input, role(input), shape(input), sizes.sequence(), random));
            number++;
        }
        return new Sample(index, arrays, Optional.empty());
    }

    private long[] shape(InputSpecification input) {
        return sizes.shape(input, use(input));
    }

    private InputRole role(InputSpecification input) {
        return InputRoles.of(input, use(input));
    }

    private InputUse use(InputSpecification input) {
        InputUse use = uses.get(input.name());
        return use != null
                ? use
                : new InputUse(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    private String describeShapes() {
        List<String> parts = new ArrayList<>();
        for (InputSpecification input : inputs.inputs()) {
            StringBuilder text = new StringBuilder(input.name()).append(" [");
            long[] shape = shape(input);
            for (int axis = 0; axis < shape.length; axis++) {
                text.append(axis == 0 ? "" : ", ").append(shape[axis]);
            }
            parts.add(text + "] " + describe(role(input)));
        }
        return String.join(", ", parts);
    }

    private static String describe(InputRole role) {
        return switch (role) {
            case InputRole.Noise() -> "normal(0, 1)";
            case InputRole.Indices(long rows) -> "0 to " + (rows - 1);
            case InputRole.Constant(long value) -> "all " + value;
            case InputRole.Positions(long rows) -> "0, 1, 2, ...";
            case InputRole.Length() -> "the length";
        };
    }
}
