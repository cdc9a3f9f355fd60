package dev.fewbit.training;

import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.NetworkKind;
import dev.fewbit.Quantization;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.planning.NetworkKinds;
import dev.fewbit.rounding.PlanRounding;
import dev.fewbit.rounding.RoundedPlan;
import dev.fewbit.rounding.RoundingOptions;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.DataOptions;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.train.graph.Interpreter;
import dev.fewbit.train.loop.Trainer;
import dev.fewbit.train.loop.TrainingListener;
import dev.fewbit.train.loop.TrainingPoint;
import dev.fewbit.train.loop.TrainingSettings;
import dev.fewbit.train.network.QuantizedNetwork;
import dev.fewbit.train.network.TrainedNetwork;
import dev.fewbit.train.operator.OperatorException;
import dev.fewbit.tuning.PlanExecution;
import dev.fewbit.tuning.PreparedModel;

import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Trains a network with its quantizers in the loop: starts from what a plan and rounding by data
 * make of it, and hands on the best network so far.
 */
public final class NetworkTraining {
    private final Path source;
    private final TrainingRequest request;
    private final Delivery delivery;
    private final List<String> notes = new ArrayList<>();

    /** Takes the networks that come of it. */
    @FunctionalInterface
    public interface Delivery {
        /** Writes a network in place of the one before. */
        void deliver(TrainedModel trained) throws IOException;
    }

    private NetworkTraining(Path source, TrainingRequest request, Delivery delivery) {
        this.source = source;
        this.request = request;
        this.delivery = delivery;
    }

    /**
     * Trains.
     *
     * @param source the float model; only read
     * @throws FewbitException if the model cannot be trained, or the data does not do
     */
    public static TrainingOutcome run(Path source, TrainingRequest request, Delivery delivery)
            throws IOException, InterruptedException {
        torch.set_num_threads(request.threads());
        torch.manual_seed(request.seed());
        try {
            return new NetworkTraining(source, request, delivery).run();
        } catch (OperatorException untrainable) {
            throw new FewbitException(
                    "%s cannot be trained: %s".formatted(source, untrainable.getMessage()),
                    untrainable);
        }
    }

    private TrainingOutcome run() throws IOException, InterruptedException {
        // Before calibration, which takes longer than to see that all would be in vain.
        Interpreter.of(OnnxReader.read(source)).close();
        Plan plan = request.plan().isPresent() ? request.plan().get() : planned();
        RoundedPlan rounded =
                PlanRounding.run(
                        source,
                        plan,
                        new RoundingOptions(
                                Optional.of(request.data()),
                                request.tokenizer(),
                                request.samples(),
                                request.threads(),
                                request.progress()));
        notes.addAll(rounded.notes());
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-training");
                Arena arena = Arena.ofShared()) {
            PreparedModel prepared =
                    PreparedModel.of(source, plan.graph().preparation(), folder, request.threads());
            StartWeights start = new StartWeights(rounded.weights());
            Model encoded = prepared.read();
            PlanExecution.applyPrepared(encoded, apart(rounded.plan()), Measuring.NOTHING, start);
            prepared.write(encoded, "start.onnx");
            Model shadow = prepared.read();
            GraphCorrector.apply(shadow, rounded.plan().graph().corrections());
            Plan bare = bare(rounded.plan());
            try (QuantizedNetwork network = QuantizedNetwork.of(shadow, bare, start);
                    Samples samples = open(request.data())) {
                SampleSpool spool =
                        SampleSpool.of(
                                samples, network.inputs(), folder, arena, request.progress());
                TrainingData data = TrainingData.of(spool, request, samples.augmentation());
                TrainingGoal goal = TrainingGoal.of(source, samples, spool, request);
                List<TrainingPoint> points =
                        train(prepared, network, data, goal, new Progressing(prepared, rounded));
                return new TrainingOutcome(bare, points, notes);
            }
        }
    }

    private List<TrainingPoint> train(
            PreparedModel prepared,
            QuantizedNetwork network,
            TrainingData data,
            TrainingGoal goal,
            TrainingListener listener)
            throws IOException, InterruptedException {
        TrainingSettings settings = settings(data);
        notes.add(
                String.format(
                        Locale.ROOT,
                        "trained on %d samples, %d a step, evaluated on %d others; %s",
                        data.trained(),
                        data.batch(),
                        data.heldBack(),
                        goal.words()));
        if (!goal.objective().wantsTeacher()) {
            return train(network, null, data, goal, settings, listener);
        }
        try (Interpreter teacher = Interpreter.of(prepared.read())) {
            return train(network, teacher, data, goal, settings, listener);
        }
    }

    private List<TrainingPoint> train(
            QuantizedNetwork network,
            @Nullable Interpreter teacher,
            TrainingData data,
            TrainingGoal goal,
            TrainingSettings settings,
            TrainingListener listener)
            throws IOException, InterruptedException {
        try (Trainer trainer =
                new Trainer(
                        network,
                        teacher,
                        goal.objective(),
                        data.training(),
                        data.validation(),
                        settings,
                        goal.output(),
                        key(settings, data),
                        listener)) {
            return trainer.run();
        }
    }

    private Plan planned() {
        Quantization quantization =
                Fewbit.quantize(source)
                        .recipe(request.recipe())
                        .data(request.data())
                        .samples(request.samples())
                        .task(request.task())
                        .threads(request.threads())
                        .progress(request.progress());
        request.tokenizer().ifPresent(quantization::tokenizer);
        return quantization.plan().plan();
    }

    /** What is left to be done to a network that is prepared and corrected. */
    private static Plan bare(Plan plan) {
        GraphPlan graph = plan.graph();
        return plan.with(
                new GraphPlan(List.of(), List.of(), graph.activations(), graph.operators()));
    }

    /**
     * The same weights in a network that computes in floats: there is nothing then that scales have
     * to make room for.
     */
    private static Plan apart(Plan plan) {
        GraphPlan graph = plan.graph();
        return plan.with(
                        new GraphPlan(
                                graph.preparation(), graph.corrections(), List.of(), List.of()))
                .withWeights(
                        plan.weights().stream()
                                .map(weight -> isInteger(weight) ? weight.inFloats() : weight)
                                .toList());
    }

    private static boolean isInteger(WeightPlan weight) {
        return weight.uses().stream().anyMatch(use -> use.encoding() == Encoding.INTEGER);
    }

    private Samples open(Path data) throws IOException {
        return ComparisonSamples.open(
                source,
                Optional.of(data),
                DataOptions.defaults().beside(source).withTokenizer(request.tokenizer()),
                request.seed(),
                request.samples());
    }

    private TrainingSettings settings(TrainingData data) throws IOException {
        long perEpoch = data.training().perEpoch();
        long steps = request.epochs().orElse(TrainingData.EPOCHS) * perEpoch;
        if (request.epochs().isEmpty()) {
            steps = Math.max(steps, TrainingData.FEWEST_STEPS);
        }
        steps = Math.min(steps, request.steps().orElse(Long.MAX_VALUE));
        boolean adam = NetworkKinds.of(OnnxReader.read(source)) != NetworkKind.CONVOLUTIONS;
        double rate = request.rate().orElse(adam ? 1e-4 : 1e-3);
        Path checkpoint = null;
        if (request.checkpoint().isPresent()) {
            Files.createDirectories(request.checkpoint().get());
            checkpoint = request.checkpoint().get();
        }
        return new TrainingSettings(
                adam,
                rate,
                rate,
                adam ? 0 : 1e-4,
                steps,
                Math.min(steps / 20, 200),
                Math.max(1, Math.min(perEpoch, steps / 10)),
                Integer.MAX_VALUE,
                checkpoint);
    }

    /** Of all that decides what comes out. */
    private String key(TrainingSettings settings, TrainingData data) {
        return String.join(
                " ",
                request.plan().map(Plan::hash).orElse(request.recipe().describe()),
                "seed " + request.seed(),
                "labels " + request.labels(),
                "steps " + settings.steps(),
                "rate " + settings.rate(),
                "batch " + data.batch(),
                "samples " + data.trained());
    }

    /** Tells how it goes, and writes the best network so far. */
    private final class Progressing implements TrainingListener {
        private final PreparedModel prepared;
        private final RoundedPlan start;

        Progressing(PreparedModel prepared, RoundedPlan start) {
            this.prepared = prepared;
            this.start = start;
        }

        @Override
        public void stepped(long step, long steps, double loss) {
            request.progress().update("training", step, steps);
        }

        @Override
        public void evaluated(TrainingPoint point, boolean best, QuantizedNetwork network)
                throws IOException {
            if (best) {
                delivery.deliver(trained(network.trained()));
            }
        }

        private TrainedModel trained(TrainedNetwork network) throws IOException {
            Model model = prepared.read();
            Set<Value> rescaled = GraphCorrector.apply(model, start.plan().graph().corrections());
            for (Map.Entry<Value, Tensor> constant :
                    Map.copyOf(model.graph().initializers()).entrySet()) {
                float[] learned = network.constants().get(constant.getKey().name());
                if (learned != null) {
                    model.graph()
                            .setInitializer(
                                    constant.getKey(),
                                    Tensor.ofFloats(constant.getValue().shape(), learned));
                }
            }
            Map<String, RoundedWeight> weights = network.weights();
            Plan plan = bare(start.plan());
            return new TrainedModel(
                    model,
                    rescaled,
                    plan.with(
                            new GraphPlan(
                                    List.of(),
                                    List.of(),
                                    network.activations(),
                                    network.operators())),
                    tensor -> Optional.ofNullable(weights.get(tensor)));
        }
    }
}
