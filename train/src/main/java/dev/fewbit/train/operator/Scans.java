package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;

import java.util.ArrayList;
import java.util.List;

/** A graph that runs over the slices of tensors. */
final class Scans {
    private Scans() {}

    static void addTo(Operators.Taker all) {
        all.take("Scan", Scans::scan);
    }

    private static List<Tensor> scan(Call call) {
        Subgraph body = Subgraph.of(call, "body");
        int scannedInputs = Math.toIntExact(call.node().intAttribute("num_scan_inputs", 1));
        int states = call.inputs() - scannedInputs;
        int scannedOutputs = body.outputs() - states;
        long[] axes = ints(call, "scan_input_axes", scannedInputs);
        long[] backwards = ints(call, "scan_input_directions", scannedInputs);
        List<Tensor> carried = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            carried.add(call.same(call.input(i)));
        }
        List<List<Tensor>> rounds = new ArrayList<>();
        for (int i = 0; i < scannedOutputs; i++) {
            rounds.add(new ArrayList<>());
        }
        for (int i = 0; i < scannedInputs; i++) {
            axes[i] = call.axis(axes[i], call.rank(states + i));
        }
        long length = call.input(states).size(axes[0]);
        for (long round = 0; round < length; round++) {
            List<Tensor> inputs = new ArrayList<>(carried);
            for (int i = 0; i < scannedInputs; i++) {
                long place = backwards[i] != 0 ? length - 1 - round : round;
                inputs.add(call.input(states + i).select(axes[i], place));
            }
            List<Tensor> outputs = body.run(inputs);
            inputs.forEach(Tensor::close);
            carried = outputs.subList(0, states);
            for (int i = 0; i < scannedOutputs; i++) {
                rounds.get(i).add(outputs.get(states + i));
            }
        }
        List<Tensor> results = new ArrayList<>(carried);
        long[] outputAxes = ints(call, "scan_output_axes", scannedOutputs);
        long[] outputBackwards = ints(call, "scan_output_directions", scannedOutputs);
        for (int i = 0; i < scannedOutputs; i++) {
            List<Tensor> one = rounds.get(i);
            List<Tensor> ordered = outputBackwards[i] != 0 ? one.reversed() : one;
            results.add(body.stacked(ordered, states + i, outputAxes[i]));
        }
        return results;
    }

    private static long[] ints(Call call, String attribute, int count) {
        long[] given = call.node().intsAttribute(attribute);
        return given == null ? new long[count] : given;
    }
}
