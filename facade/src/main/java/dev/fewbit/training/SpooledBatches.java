package dev.fewbit.training;

import dev.fewbit.runtime.data.Augmentation;
import dev.fewbit.train.loop.Batch;
import dev.fewbit.train.loop.Batches;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Batches of spooled samples of the same form, along their first axis. The order is another one in
 * every epoch, and follows from the seed alone.
 */
final class SpooledBatches implements Batches {
    private static final long EPOCH_FACTOR = 0x9E3779B97F4A7C15L;

    private final SampleSpool spool;
    private final List<Integer> members;
    private final int size;
    private final long seed;
    private final boolean shuffles;
    private final Augmentation augmentation;
    private long epoch = -1;
    private List<List<Integer>> order = List.of();

    /**
     * Batches.
     *
     * @param members samples that take part
     * @param size samples of a batch at most
     * @param shuffles false for the order of the data
     */
    SpooledBatches(
            SampleSpool spool,
            List<Integer> members,
            int size,
            long seed,
            boolean shuffles,
            Augmentation augmentation) {
        this.spool = spool;
        this.members = List.copyOf(members);
        this.size = size;
        this.seed = seed;
        this.shuffles = shuffles;
        this.augmentation = augmentation;
    }

    @Override
    public long perEpoch() {
        return order(0).size();
    }

    private List<List<Integer>> order(long wanted) {
        if (wanted != epoch) {
            Random random = new Random(seed ^ ((wanted + 1) * EPOCH_FACTOR));
            Map<String, List<Integer>> byForm = new LinkedHashMap<>();
            for (int member : members) {
                byForm.computeIfAbsent(spool.entry(member).form(), _ -> new ArrayList<>())
                        .add(member);
            }
            List<List<Integer>> batches = new ArrayList<>();
            for (List<Integer> alike : byForm.values()) {
                if (shuffles) {
                    Collections.shuffle(alike, random);
                }
                for (int from = 0; from < alike.size(); from += size) {
                    batches.add(
                            List.copyOf(alike.subList(from, Math.min(alike.size(), from + size))));
                }
            }
            if (shuffles) {
                Collections.shuffle(batches, random);
            }
            order = batches;
            epoch = wanted;
        }
        return order;
    }

    @Override
    public Batch get(long wanted, long index) {
        List<Integer> chosen = order(wanted).get(Math.toIntExact(index));
        SampleSpool.Entry first = spool.entry(chosen.getFirst());
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < first.inputs().size(); i++) {
            inputs.add(joined(chosen, i, wanted));
        }
        return new Batch(inputs, classes(chosen));
    }

    private Tensor joined(List<Integer> chosen, int input, long wanted) {
        SampleSpool.Input form = spool.entry(chosen.getFirst()).inputs().get(input);
        long[] shape = form.shape().clone();
        if (shape.length > 0) {
            shape[0] *= chosen.size();
        }
        Tensor tensor = Tensors.empty(shape, TensorTypes.of(form.type()));
        MemorySegment target = Tensors.bytes(tensor);
        for (int i = 0; i < chosen.size(); i++) {
            SampleSpool.Input own = spool.entry(chosen.get(i)).inputs().get(input);
            MemorySegment place = target.asSlice(i * own.size(), own.size());
            long key = (wanted * spool.size() + chosen.get(i)) * EPOCH_FACTOR + seed;
            AugmentedCopy.copy(augmentation, spool.elements(own), own, place, key);
        }
        return tensor;
    }

    private @Nullable Tensor classes(List<Integer> chosen) {
        long[] classes = new long[chosen.size()];
        for (int i = 0; i < classes.length; i++) {
            SampleSpool.Entry entry = spool.entry(chosen.get(i));
            if (entry.label().isEmpty()) {
                return null;
            }
            classes[i] = entry.label().getAsLong();
        }
        return Tensors.ofLongs(classes, classes.length);
    }
}
