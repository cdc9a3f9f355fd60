package dev.fewbit.runtime.calibrate;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.session.AppendedOutputs;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.OutputSpecification;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A model file of which inner values are to be seen. */
final class ObservedModel {

    private final Path file;
    private final Model model;
    private final PredictedShapes shapes;
    private final Set<String> inputs;
    private final Set<String> outputs;
    private final Set<String> computed;

    private ObservedModel(Path file, Model model) {
        Graph graph = model.graph();
        this.file = file;
        this.model = model;
        this.shapes = new PredictedShapes(model);
        this.inputs =
                graph.inputs().stream()
                        .filter(value -> graph.initializer(value) == null)
                        .map(Value::name)
                        .collect(Collectors.toSet());
        this.outputs = graph.outputs().stream().map(Value::name).collect(Collectors.toSet());
        this.computed = new HashSet<>();
        for (Node node : graph.nodes()) {
            for (Value value : node.outputs()) {
                if (value != null) {
                    computed.add(value.name());
                }
            }
        }
    }

    /**
     * Reads the description of a model.
     *
     * @throws IOException if that is not possible
     */
    static ObservedModel read(Path file) throws IOException {
        return new ObservedModel(file, OnnxReader.read(file));
    }

    /**
     * Empty statistics of all that is wanted.
     *
     * @throws CalibrationException if the model has no such value
     * @throws IllegalArgumentException if a value is wanted twice
     */
    List<ValueCollector> collectors(List<Observation> wanted) throws CalibrationException {
        List<ValueCollector> collectors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Observation observation : wanted) {
            String name = observation.value();
            if (!names.add(name)) {
                throw new IllegalArgumentException("value '" + name + "' is wanted twice");
            }
            if (!inputs.contains(name) && !computed.contains(name)) {
                throw new CalibrationException(
                        "%s: no node computes a value '%s', and no input has that name. Name values of this model; its preparation may have renamed them"
                                .formatted(file, name));
            }
            collectors.add(new ValueCollector(observation, inputs.contains(name)));
        }
        return collectors;
    }

    /**
     * Those of the values that are others, cut to a range.
     *
     * @throws IOException if the constants of the model cannot be read
     */
    List<ClampedValue> clamped(List<ValueCollector> values) throws IOException {
        return ClampedValue.find(model, values);
    }

    /** The shapes that values will have. */
    PredictedShapes shapes() {
        return shapes;
    }

    /**
     * Loads the model so that it gives values.
     *
     * @param values what it is to give
     * @param threads threads that compute one operator
     * @throws IOException if the file cannot be read
     * @throws CalibrationException if a value is not of a floating-point type
     */
    ModelSession open(List<ValueCollector> values, int threads) throws IOException {
        SessionSettings settings = SessionSettings.withThreads(threads);
        List<String> appended =
                values.stream()
                        .filter(value -> !value.isInput() && !outputs.contains(value.name()))
                        .map(ValueCollector::name)
                        .toList();
        ModelSession session = open(appended, settings);
        try {
            for (ValueCollector value : values) {
                check(value, session);
            }
            return session;
        } catch (CalibrationException | RuntimeException failure) {
            session.close();
            throw failure;
        }
    }

    private ModelSession open(List<String> appended, SessionSettings settings) throws IOException {
        if (appended.isEmpty()) {
            return ModelSession.open(file, settings);
        }
        Path folder = file.toAbsolutePath().getParent();
        SessionSettings located = folder == null ? settings : settings.externalDataIn(folder);
        try (Arena arena = Arena.ofConfined()) {
            return ModelSession.open(
                    file.toString(), AppendedOutputs.of(file, appended, arena), located);
        }
    }

    private void check(ValueCollector value, ModelSession session) throws CalibrationException {
        Optional<NumberType> type =
                value.isInput()
                        ? session.inputs().find(value.name()).map(input -> input.type())
                        : session.outputs().stream()
                                .filter(output -> output.name().equals(value.name()))
                                .findFirst()
                                .flatMap(OutputSpecification::type);
        if (type.isEmpty() || !type.get().isFloat()) {
            throw new CalibrationException(
                    "%s: value '%s' is of type %s; only values of a floating-point type have ranges. Leave it out"
                            .formatted(
                                    file,
                                    value.name(),
                                    type.map(NumberType::label)
                                            .orElse("text, sequence or below 8 bits")));
        }
    }
}
