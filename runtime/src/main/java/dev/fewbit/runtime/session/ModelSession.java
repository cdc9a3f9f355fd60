package dev.fewbit.runtime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.ModelInputs;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model loaded into ONNX Runtime, on the CPU.
 *
 * <p>Owns native memory: close it. {@link #run} may be called from several threads at once. ONNX
 * Runtime's own log is silent; its errors come as {@link RuntimeModelException}.
 */
public final class ModelSession implements AutoCloseable {

    private final String name;
    private final OrtSession session;
    private final ModelInputs inputs;
    private final List<OutputSpecification> outputs;
    private final Map<List<String>, OutputShapes> shapesByOutputs = new HashMap<>();

    private ModelSession(String name, OrtSession session) throws OrtException {
        this.name = name;
        this.session = session;
        List<InputSpecification> ins = new ArrayList<>();
        for (Map.Entry<String, NodeInfo> entry : session.getInputInfo().entrySet()) {
            ins.add(TensorTypes.input(name, entry.getKey(), entry.getValue()));
        }
        this.inputs = new ModelInputs(ins);
        List<OutputSpecification> outs = new ArrayList<>();
        for (Map.Entry<String, NodeInfo> entry : session.getOutputInfo().entrySet()) {
            outs.add(TensorTypes.output(entry.getKey(), entry.getValue()));
        }
        this.outputs = List.copyOf(outs);
    }

    /**
     * Loads a model file; tensors stored beside it are found.
     *
     * @param model the file
     * @param settings how
     * @throws RuntimeModelException if ONNX Runtime cannot load it
     */
    public static ModelSession open(Path model, SessionSettings settings) {
        if (!Files.isRegularFile(model)) {
            throw new RuntimeModelException(
                    model.toString(), "there is no such file", "Check the path of the model");
        }
        return create(
                model.toString(),
                settings,
                (environment, options) -> environment.createSession(model.toString(), options));
    }

    /**
     * Loads a model from memory.
     *
     * @param name for messages
     * @param model the bytes of a model file; direct buffers are not copied
     * @param settings how; names the folder of external data, if the model has any
     * @throws RuntimeModelException if ONNX Runtime cannot load it
     */
    public static ModelSession open(String name, ByteBuffer model, SessionSettings settings) {
        return create(
                name,
                settings,
                (environment, options) ->
                        model.isDirect()
                                ? environment.createSession(model.duplicate(), options)
                                : environment.createSession(heapBytes(model), options));
    }

    /** Version of ONNX Runtime. */
    public static String runtimeVersion() {
        return RuntimeEnvironment.get().getVersion();
    }

    /** The model's file, or the name it was given. */
    public String name() {
        return name;
    }

    /** What the model takes. */
    public ModelInputs inputs() {
        return inputs;
    }

    /** What the model gives. */
    public List<OutputSpecification> outputs() {
        return outputs;
    }

    /**
     * Runs the model once.
     *
     * @param sample an array for every input
     * @return every output that can be read as numbers, by name
     * @throws RuntimeModelException if ONNX Runtime rejects the inputs or fails
     */
    public Map<String, NumberArray> run(Sample sample) {
        try (PreparedRun run = prepare(sample)) {
            return run.outputs();
        }
    }

    /**
     * Lays a sample ready in native memory, to be run any number of times.
     *
     * @param sample an array for every input; others are passed over
     * @throws RuntimeModelException if an input is missing
     */
    public PreparedRun prepare(Sample sample) {
        return PreparedRun.of(name, session, this, sample, readableOutputs());
    }

    /**
     * Lays a sample ready in native memory, to be run for some outputs only.
     *
     * @param sample an array for every input; others are passed over
     * @param outputNames the outputs that are wanted
     * @throws RuntimeModelException if an input is missing
     */
    public PreparedRun prepare(Sample sample, Set<String> outputNames) {
        return PreparedRun.of(name, session, this, sample, outputNames);
    }

    /**
     * Makes ready to run many samples for some outputs, without copying them.
     *
     * @param outputNames the outputs that are wanted, tensors of floating-point or signed integer
     *     types
     */
    public RepeatedRun repeatedly(List<String> outputNames) {
        return repeatedly(outputNames, ShapePrediction.NONE);
    }

    /**
     * Makes ready to run many samples for some outputs, without copying them.
     *
     * @param outputNames the outputs that are wanted, tensors of floating-point or signed integer
     *     types
     * @param prediction tells their shapes, which saves copying them once for each shape; what is
     *     said first for the same outputs counts
     */
    public RepeatedRun repeatedly(List<String> outputNames, ShapePrediction prediction) {
        OutputShapes shapes;
        synchronized (shapesByOutputs) {
            shapes =
                    shapesByOutputs.computeIfAbsent(
                            List.copyOf(outputNames),
                            names -> new OutputShapes(specifications(names), prediction));
        }
        return new RepeatedRun(this, session, outputNames, shapes);
    }

    private List<OutputSpecification> specifications(List<String> names) {
        Map<String, OutputSpecification> byName = new HashMap<>();
        outputs.forEach(output -> byName.put(output.name(), output));
        List<OutputSpecification> found = new ArrayList<>();
        for (String each : names) {
            OutputSpecification output = byName.get(each);
            if (output == null) {
                throw new RuntimeModelException(
                        name,
                        "there is no output '" + each + "'",
                        "Ask for outputs of this model: " + byName.keySet());
            }
            found.add(output);
        }
        return found;
    }

    /**
     * A sample's array for an input.
     *
     * @throws RuntimeModelException if the sample has none
     */
    NumberArray input(Sample sample, String input) {
        NumberArray array = sample.inputs().get(input);
        if (array == null) {
            throw new RuntimeModelException(
                    name,
                    "input '%s' is missing; sample %d has %s"
                            .formatted(input, sample.index(), sample.inputs().keySet()),
                    "Give samples with all inputs of the model");
        }
        return array;
    }

    /**
     * Ends profiling.
     *
     * @return the profile, JSON in Chrome's trace format
     */
    public Path endProfiling() {
        try {
            return Path.of(session.endProfiling());
        } catch (OrtException failure) {
            throw new RuntimeModelException(name, "ending the profile", failure, "");
        }
    }

    /** Frees the session. */
    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException failure) {
            throw new RuntimeModelException(name, "closing the session", failure, "");
        }
    }

    private Set<String> readableOutputs() {
        Set<String> names = new LinkedHashSet<>();
        for (OutputSpecification output : outputs) {
            if (output.type().isPresent()) {
                names.add(output.name());
            }
        }
        return names;
    }

    private interface Loader {
        OrtSession load(OrtEnvironment environment, OrtSession.SessionOptions options)
                throws OrtException;
    }

    private static ModelSession create(String name, SessionSettings settings, Loader loader) {
        OrtEnvironment environment = RuntimeEnvironment.get();
        try (OrtSession.SessionOptions options = options(settings)) {
            OrtSession session = loader.load(environment, options);
            try {
                return new ModelSession(name, session);
            } catch (OrtException | RuntimeException failure) {
                session.close();
                throw failure;
            }
        } catch (OrtException failure) {
            throw new RuntimeModelException(
                    name,
                    "loading the model",
                    failure,
                    "Check that it is a complete ONNX model, external data included, that ONNX"
                            + " Runtime "
                            + environment.getVersion()
                            + " supports");
        }
    }

    private static OrtSession.SessionOptions options(SessionSettings settings) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        options.setIntraOpNumThreads(settings.threads());
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(
                switch (settings.optimization()) {
                    case NONE -> OptLevel.NO_OPT;
                    case BASIC -> OptLevel.BASIC_OPT;
                    case EXTENDED -> OptLevel.EXTENDED_OPT;
                    case ALL -> OptLevel.ALL_OPT;
                });
        // Threads that go on spinning after a run would slow whatever runs next: the other model.
        options.addConfigEntry("session.force_spinning_stop", "1");
        if (settings.profile().isPresent()) {
            options.enableProfiling(settings.profile().get().toString());
        }
        if (settings.optimizedModel().isPresent()) {
            options.setOptimizedModelFilePath(settings.optimizedModel().get().toString());
        }
        if (settings.externalDataFolder().isPresent()) {
            options.addConfigEntry(
                    "session.model_external_initializers_file_folder_path",
                    settings.externalDataFolder().get().toAbsolutePath().toString());
        }
        return options;
    }

    private static byte[] heapBytes(ByteBuffer model) {
        byte[] bytes = new byte[model.remaining()];
        model.duplicate().get(bytes);
        return bytes;
    }
}
