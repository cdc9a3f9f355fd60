package dev.fewbit.train.loop;

import dev.fewbit.train.graph.Interpreter;
import dev.fewbit.train.graph.Taps;
import dev.fewbit.train.network.QuantizedNetwork;
import dev.fewbit.train.optimize.Adam;
import dev.fewbit.train.optimize.Optimizer;
import dev.fewbit.train.optimize.Parameter;
import dev.fewbit.train.optimize.Sgd;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The training loop. A step goes through one batch; from time to time the network is evaluated on
 * samples that are held back, the state is kept, and the best network so far is handed on. Goes on
 * from a kept state with the same result as if it had not been interrupted.
 */
public final class Trainer implements AutoCloseable {
    private static final String STEP = "step";
    private static final String POINTS = "points";
    private static final String KEY = "training";
    private static final long NANOS_BETWEEN_SAVES = 120_000_000_000L;

    private final QuantizedNetwork network;
    private final @Nullable Interpreter teacher;
    private final Objective objective;
    private final Batches training;
    private final Batches validation;
    private final TrainingSettings settings;
    private final int scored;
    private final String key;
    private final TrainingListener listener;
    private final Optimizer optimizer;
    private final @Nullable Checkpoint checkpoint;
    private final @Nullable Checkpoint bestNetwork;
    private final List<TrainingPoint> points = new ArrayList<>();
    private long step;
    private double lossSum;
    private long lossCount;

    /**
     * A training.
     *
     * @param teacher the float network; null where the objective does without
     * @param validation samples that are held back
     * @param scored number of the output that scores classes, whose answers are counted
     * @param key tells this training from others with other options, in a kept state
     */
    public Trainer(
            QuantizedNetwork network,
            @Nullable Interpreter teacher,
            Objective objective,
            Batches training,
            Batches validation,
            TrainingSettings settings,
            int scored,
            String key,
            TrainingListener listener) {
        this.network = network;
        this.teacher = teacher;
        this.objective = objective;
        this.training = training;
        this.validation = validation;
        this.settings = settings;
        this.scored = scored;
        this.key = key;
        this.listener = listener;
        List<Parameter> parameters = new ArrayList<>();
        network.constants()
                .forEach(
                        (name, tensor) ->
                                parameters.add(
                                        new Parameter(
                                                name,
                                                tensor,
                                                settings.rate(),
                                                tensor.dim() > 1 ? settings.decay() : 0)));
        network.levels()
                .forEach(
                        (name, tensor) ->
                                parameters.add(
                                        new Parameter(name, tensor, settings.levelRate(), 0)));
        this.optimizer = settings.adam() ? new Adam(parameters) : new Sgd(parameters);
        Path folder = settings.checkpoint();
        this.checkpoint = folder == null ? null : new Checkpoint(folder.resolve("training.onnx"));
        this.bestNetwork = folder == null ? null : new Checkpoint(folder.resolve("best.onnx"));
    }

    /**
     * Trains.
     *
     * @return all evaluations, the one before the first step first
     */
    public List<TrainingPoint> run() throws IOException, InterruptedException {
        if (checkpoint != null && checkpoint.exists()) {
            restore(checkpoint);
        } else {
            evaluate();
        }
        long saved = System.nanoTime();
        while (step < settings.steps() && !isIdle()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            double loss = step();
            listener.stepped(step, settings.steps(), loss);
            boolean due = step % settings.evaluation() == 0 || step == settings.steps();
            if (due) {
                evaluate();
            }
            if (due || System.nanoTime() - saved > NANOS_BETWEEN_SAVES) {
                save();
                saved = System.nanoTime();
            }
        }
        return List.copyOf(points);
    }

    private boolean isIdle() {
        int best = best();
        return points.size() - 1 - best >= settings.patience();
    }

    private int best() {
        int best = 0;
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).isBetterThan(points.get(best))) {
                best = i;
            }
        }
        return best;
    }

    private double step() throws IOException {
        long perEpoch = training.perEpoch();
        try (PointerScope _ = new PointerScope();
                Batch batch = training.get(step / perEpoch, step % perEpoch)) {
            Tensor loss = objective.loss(batch, network.forward(batch.inputs()), teach(batch));
            double value = loss.item_double();
            if (!Double.isFinite(value)) {
                throw new IOException(
                        "the loss became %s in step %d: train with a lower rate"
                                .formatted(value, step + 1));
            }
            loss.backward();
            optimizer.step(settings.share(step));
            network.settle();
            step++;
            lossSum += value;
            lossCount++;
            return value;
        }
    }

    private @Nullable List<Tensor> teach(Batch batch) {
        if (!objective.wantsTeacher() || teacher == null) {
            return null;
        }
        try (NoGradGuard _ = new NoGradGuard()) {
            return teacher.run(batch.inputs(), Taps.NONE);
        }
    }

    private void evaluate() throws IOException {
        double loss = 0;
        double right = 0;
        double samples = 0;
        boolean labelled = false;
        for (long i = 0; i < validation.perEpoch(); i++) {
            try (PointerScope _ = new PointerScope();
                    NoGradGuard _ = new NoGradGuard();
                    Batch batch = validation.get(0, i)) {
                List<Tensor> outputs = network.forward(batch.inputs());
                long size = batch.size();
                loss += size * objective.loss(batch, outputs, teach(batch)).item_double();
                samples += size;
                Tensor classes = batch.classes();
                if (classes != null) {
                    labelled = true;
                    Tensor answers = outputs.get(scored).argmax(new LongOptional(1), false);
                    right += answers.eq(classes).sum().item_double();
                }
            }
        }
        TrainingPoint point =
                new TrainingPoint(
                        step,
                        lossCount == 0 ? Double.NaN : lossSum / lossCount,
                        loss / samples,
                        labelled ? right / samples : Double.NaN);
        lossSum = 0;
        lossCount = 0;
        points.add(point);
        boolean best = best() == points.size() - 1;
        if (best && bestNetwork != null) {
            bestNetwork.save(learned(), Map.of(KEY, key));
        }
        listener.evaluated(point, best, network);
    }

    private Map<String, Tensor> learned() {
        Map<String, Tensor> learned = new LinkedHashMap<>();
        network.constants().forEach((name, tensor) -> learned.put("constant " + name, tensor));
        network.levels().forEach((name, tensor) -> learned.put("level " + name, tensor));
        return learned;
    }

    private Map<String, Tensor> state() {
        Map<String, Tensor> state = learned();
        optimizer.state().forEach((name, tensor) -> state.put("optimizer " + name, tensor));
        return state;
    }

    private void save() throws IOException {
        if (checkpoint == null) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (TrainingPoint point : points) {
            text.append(point.step()).append(' ');
            text.append(point.trainingLoss()).append(' ');
            text.append(point.loss()).append(' ').append(point.accuracy()).append('\n');
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(KEY, key);
        facts.put(STEP, Long.toString(step));
        facts.put(POINTS, text.toString());
        facts.put("loss sum", Double.toString(lossSum));
        facts.put("loss count", Long.toString(lossCount));
        checkpoint.save(state(), facts);
    }

    private void restore(Checkpoint from) throws IOException {
        Map<String, String> facts;
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            facts = from.load(state());
        }
        String own = facts.getOrDefault(KEY, "");
        if (!own.equals(key)) {
            throw from.misfit("it was begun as '%s', this is '%s'".formatted(own, key));
        }
        try {
            step = Long.parseLong(facts.getOrDefault(STEP, ""));
            lossSum = Double.parseDouble(facts.getOrDefault("loss sum", "0"));
            lossCount = Long.parseLong(facts.getOrDefault("loss count", "0"));
            for (String line : facts.getOrDefault(POINTS, "").lines().toList()) {
                String[] words = line.split(" ", -1);
                points.add(
                        new TrainingPoint(
                                Long.parseLong(words[0]),
                                Double.parseDouble(words[1]),
                                Double.parseDouble(words[2]),
                                Double.parseDouble(words[3])));
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
            throw from.misfit("its facts cannot be read: " + malformed);
        }
        if (bestNetwork != null && bestNetwork.exists() && !points.isEmpty()) {
            try (PointerScope _ = new PointerScope();
                    NoGradGuard _ = new NoGradGuard()) {
                bestNetwork.load(learned());
                listener.evaluated(points.get(best()), true, network);
                from.load(state());
            }
        }
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
