package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.ArrayList;
import java.util.List;

/** A graph that runs as long as it says so. */
final class Loops {
    private Loops() {}

    static void addTo(Operators.Taker all) {
        all.take("Loop", Loops::loop);
    }

    private static List<Tensor> loop(Call call) {
        Subgraph body = Subgraph.of(call, "body");
        long most = call.has(0) ? call.longs(0)[0] : Long.MAX_VALUE;
        boolean goes = !call.has(1) || call.number(1) != 0;
        List<Tensor> carried = new ArrayList<>();
        for (int i = 2; i < call.inputs(); i++) {
            carried.add(call.same(call.input(i)));
        }
        int scanned = body.outputs() - 1 - carried.size();
        List<List<Tensor>> rounds = new ArrayList<>();
        for (int i = 0; i < scanned; i++) {
            rounds.add(new ArrayList<>());
        }
        for (long round = 0; round < most && goes; round++) {
            List<Tensor> inputs = new ArrayList<>();
            inputs.add(Tensors.ofLongs(new long[] {round}));
            inputs.add(Tensors.ofLongs(new long[] {1}).to(ScalarType.Bool));
            inputs.addAll(carried);
            List<Tensor> outputs = body.run(inputs);
            inputs.forEach(Tensor::close);
            goes = outputs.getFirst().item_bool();
            outputs.getFirst().close();
            carried = outputs.subList(1, 1 + carried.size());
            for (int i = 0; i < scanned; i++) {
                rounds.get(i).add(outputs.get(1 + carried.size() + i));
            }
        }
        List<Tensor> results = new ArrayList<>(carried);
        for (int i = 0; i < scanned; i++) {
            results.add(body.stacked(rounds.get(i), 1 + carried.size() + i, 0));
        }
        return results;
    }
}
