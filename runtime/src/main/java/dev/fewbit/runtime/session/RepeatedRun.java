package dev.fewbit.runtime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs sample after sample, with inputs and outputs in one piece of native memory that is used
 * again and again.
 *
 * <p>Once the shapes of the outputs are known for a sample's input shapes, ONNX Runtime writes them
 * straight into that memory: nothing is allocated and nothing copied. If they cannot be told before
 * ({@link ShapePrediction}), its own outputs are copied the first time. A model whose output shapes
 * depend on more than the input shapes is noticed when it refuses such memory, and always copied
 * from then on.
 *
 * <p>Owns native memory: close it. Not thread-safe; several of one session may run side by side.
 */
public final class RepeatedRun implements AutoCloseable {

    /** Input shapes whose tensors are kept. */
    private static final int MOST_BINDINGS = 8;

    private final ModelSession owner;
    private final OrtSession session;
    private final Set<String> outputs;
    private final OutputShapes shapes;
    private final NativeSpace space = new NativeSpace();
    private final Map<List<Long>, Binding> bindings = new LinkedHashMap<>(16, 0.75f, true);

    /** Tensors over the memory, for samples of one signature. */
    private record Binding(
            Map<String, OnnxTensor> inputs,
            List<ByteBuffer> fed,
            Map<String, OnnxTensor> outputs,
            List<NumberArray> arrays)
            implements AutoCloseable {

        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }
    }

    RepeatedRun(ModelSession owner, OrtSession session, List<String> outputs, OutputShapes shapes) {
        this.owner = owner;
        this.session = session;
        this.outputs = new LinkedHashSet<>(outputs);
        this.shapes = shapes;
    }

    /**
     * Runs the model.
     *
     * @param sample an array for every input; others are passed over
     * @return the outputs in the order asked for; valid until the next run, {@link #trim} or {@link
     *     #close}
     * @throws RuntimeModelException if an input is missing, or ONNX Runtime rejects the inputs or
     *     fails, or an output is no tensor of numbers or larger than 2 GiB
     */
    public List<NumberArray> run(Sample sample) {
        List<Long> signature = OutputShapes.signature(sample);
        List<OutputShapes.Output> known = shapes.find(sample, signature);
        if (known == null) {
            return discover(sample, signature);
        }
        Binding binding = bindings.get(signature);
        if (binding == null) {
            binding = bind(sample, signature, known);
        }
        feed(sample, binding.fed());
        try {
            session.run(binding.inputs(), binding.outputs()).close();
            return binding.arrays();
        } catch (OrtException refused) {
            return copied(sample, signature, refused);
        }
    }

    /** Bytes of native memory held now. */
    public long held() {
        return space.capacity();
    }

    /** Gives the native memory back when it is more than some bytes. */
    public void trim(long most) {
        if (held() > most) {
            close();
        }
    }

    /** Frees the native memory. Another run takes new memory. */
    @Override
    public void close() {
        bindings.values().forEach(Binding::close);
        bindings.clear();
        space.close();
    }

    /** Whether the outputs' shapes or the sample was at fault shows when nothing is prescribed. */
    private List<NumberArray> copied(Sample sample, List<Long> signature, OrtException refusal) {
        bindings.values().forEach(Binding::close);
        bindings.clear();
        try (PreparedRun run = owner.prepare(sample, outputs);
                OrtSession.Result result = run.execute()) {
            List<OutputShapes.Output> found = describe(result);
            shapes.correct(signature, found);
            return copy(sample, found, result);
        } catch (RuntimeModelException failure) {
            failure.addSuppressed(refusal);
            throw failure;
        }
    }

    private List<NumberArray> discover(Sample sample, List<Long> signature) {
        try (PreparedRun run = owner.prepare(sample, outputs);
                OrtSession.Result result = run.execute()) {
            List<OutputShapes.Output> found = describe(result);
            shapes.put(signature, found);
            return copy(sample, found, result);
        }
    }

    private List<OutputShapes.Output> describe(OrtSession.Result result) {
        List<OutputShapes.Output> found = new ArrayList<>();
        for (String name : outputs) {
            found.add(describe(name, result.get(name).orElse(null)));
        }
        return found;
    }

    private List<NumberArray> copy(
            Sample sample, List<OutputShapes.Output> found, OrtSession.Result result) {
        long offset = inputBytes(sample);
        reserve(offset + outputBytes(found));
        List<NumberArray> arrays = new ArrayList<>();
        for (OutputShapes.Output output : found) {
            ByteBuffer place = space.slice(offset, output.size());
            ByteBuffer content =
                    ((OnnxTensor) result.get(output.name()).orElseThrow()).getByteBuffer();
            if (content != null) {
                place.put(content).flip();
            }
            arrays.add(new NumberArray(output.type(), output.dimensions(), place));
            offset = NativeSpace.aligned(offset + output.size());
        }
        return arrays;
    }

    private OutputShapes.Output describe(String name, @Nullable OnnxValue value) {
        if (value instanceof OnnxTensor tensor) {
            NumberType type = TensorTypes.numberType(tensor.getInfo()).orElse(null);
            if (type != null) {
                List<Long> shape = new ArrayList<>();
                for (long dimension : tensor.getInfo().getShape()) {
                    shape.add(dimension);
                }
                OutputShapes.Output output = new OutputShapes.Output(name, type, shape);
                if (output.size() <= Integer.MAX_VALUE) {
                    return output;
                }
                throw new RuntimeModelException(
                        owner.name(),
                        "value '%s' is %s%s, more than the 2 GiB that can be read"
                                .formatted(name, type.label(), shape),
                        "Give smaller samples");
            }
        }
        throw new RuntimeModelException(
                owner.name(),
                "value '" + name + "' is no tensor of numbers",
                "Ask for tensors of numbers only");
    }

    private Binding bind(Sample sample, List<Long> signature, List<OutputShapes.Output> known) {
        reserve(inputBytes(sample) + outputBytes(known));
        if (bindings.size() >= MOST_BINDINGS) {
            List<Long> eldest = bindings.keySet().iterator().next();
            Binding removed = bindings.remove(eldest);
            if (removed != null) {
                removed.close();
            }
        }
        Binding binding =
                new Binding(
                        new LinkedHashMap<>(),
                        new ArrayList<>(),
                        new LinkedHashMap<>(),
                        new ArrayList<>());
        try {
            long offset = 0;
            for (InputSpecification input : owner.inputs().inputs()) {
                NumberArray array = owner.input(sample, input.name());
                ByteBuffer place = space.slice(offset, array.bytes().remaining());
                binding.fed().add(place);
                binding.inputs().put(input.name(), tensor(place, array.shape(), array.type()));
                offset = NativeSpace.aligned(offset + array.bytes().remaining());
            }
            for (OutputShapes.Output output : known) {
                ByteBuffer place = space.slice(offset, output.size());
                long[] shape = output.dimensions();
                binding.outputs().put(output.name(), tensor(place, shape, output.type()));
                binding.arrays().add(new NumberArray(output.type(), shape, place));
                offset = NativeSpace.aligned(offset + output.size());
            }
        } catch (OrtException failure) {
            binding.close();
            throw new RuntimeModelException(
                    owner.name(), "laying out sample " + sample.index(), failure, "");
        } catch (RuntimeException failure) {
            binding.close();
            throw failure;
        }
        bindings.put(signature, binding);
        return binding;
    }

    private static OnnxTensor tensor(ByteBuffer place, long[] shape, NumberType type)
            throws OrtException {
        return OnnxTensor.createTensor(
                RuntimeEnvironment.get(),
                place,
                shape,
                TensorTypes.javaType(type)
                        .orElseThrow(
                                () ->
                                        new OrtException(
                                                type.label()
                                                        + " is a type that Java cannot hand"
                                                        + " over")));
    }

    private void feed(Sample sample, List<ByteBuffer> places) {
        int number = 0;
        for (InputSpecification input : owner.inputs().inputs()) {
            ByteBuffer source = owner.input(sample, input.name()).bytes();
            places.get(number).duplicate().clear().put(source);
            number++;
        }
    }

    private long inputBytes(Sample sample) {
        long bytes = 0;
        for (InputSpecification input : owner.inputs().inputs()) {
            bytes += NativeSpace.aligned(owner.input(sample, input.name()).bytes().remaining());
        }
        return bytes;
    }

    private static long outputBytes(List<OutputShapes.Output> outputs) {
        long bytes = 0;
        for (OutputShapes.Output output : outputs) {
            bytes += NativeSpace.aligned(output.size());
        }
        return bytes;
    }

    private void reserve(long bytes) {
        if (bytes > space.capacity()) {
            bindings.values().forEach(Binding::close);
            bindings.clear();
            // Some more, so that samples that grow bit by bit do not move the memory each time.
            space.reserve(bytes + bytes / 8);
        }
    }
}
