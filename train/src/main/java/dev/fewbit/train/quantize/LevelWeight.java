package dev.fewbit.train.quantize;

import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.TableGeometry;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Levels from tables, times a scale where there is one: powers of two, mid-rise levels, learned
 * codebooks. Scales are learned; the tables of codebooks, too: the gradient of an entry is the sum
 * of those of the weights that it stands for, as in S. Han et al., <a
 * href="https://arxiv.org/abs/1510.00149">Deep Compression</a>, 2015.
 */
public final class LevelWeight implements WeightQuantizer {
    private static final float LEAST_SHARE = 1e-3f;

    private final LevelFormat format;
    private final Groups groups;
    private final int size;
    private final @Nullable Tensor scales;
    private final @Nullable Tensor least;
    private final @Nullable Tensor signs;
    private final Tensor tables;
    private final Tensor tableOf;
    private final boolean learned;
    private final double gradientFactor;

    /**
     * A quantizer.
     *
     * @param tables which elements share a table
     * @param twoLevels whether scales are stored in two levels
     * @param start scales and tables to begin with; codes do not matter
     */
    public LevelWeight(
            LevelFormat format,
            GroupGeometry geometry,
            TableGeometry tables,
            boolean twoLevels,
            RoundedWeight start) {
        this.format = format;
        this.groups = new Groups(geometry, twoLevels);
        this.size = format.levelCount();
        this.learned = LevelTable.ofFormat(format).isEmpty();
        float[] levels = new float[tables.tables() * size];
        for (int i = 0; i < tables.tables(); i++) {
            LevelTable table =
                    LevelTable.ofFormat(format).isPresent()
                            ? LevelTable.ofFormat(format).get()
                            : start.tables().get(i);
            System.arraycopy(table.levels(), 0, levels, i * size, size);
        }
        this.tables = Tensors.ofFloats(levels, tables.tables(), size).set_requires_grad(learned);
        long[] places = new long[Math.toIntExact(geometry.elementCount())];
        for (int i = 0; i < places.length; i++) {
            places[i] = tables.tableOf(i);
        }
        this.tableOf =
                Tensors.ofLongs(places, geometry.outer(), geometry.length(), geometry.inner());
        if (start.scales().length == 0) {
            this.scales = null;
            this.least = null;
            this.signs = null;
        } else {
            float[] own = start.scales();
            float[] smallest = new float[own.length];
            float[] directions = new float[own.length];
            for (int i = 0; i < own.length; i++) {
                smallest[i] = Math.max(Float.MIN_NORMAL, Math.abs(own[i]) * LEAST_SHARE);
                directions[i] = Math.signum(own[i]);
            }
            long[] shape = groups.parameterShape();
            this.scales = Tensors.ofFloats(own, shape).set_requires_grad(true);
            this.least = Tensors.ofFloats(smallest, shape);
            this.signs = Tensors.ofFloats(directions, shape);
        }
        this.gradientFactor = StepSize.gradientFactor(groups.size(), 1);
    }

    @Override
    public Tensor apply(Tensor values) {
        Tensor view = groups.view(values);
        Tensor scale =
                scales == null
                        ? null
                        : groups.spread(StepSize.scaled(groups.stored(scales), gradientFactor));
        Tensor plain = scale == null ? view : view.div(scale);
        Tensor levels = whole(tables);
        Tensor level = level(levels, nearest(plain.detach(), levels.detach()));
        // Within the outermost levels a weight moves its value one to one.
        Tensor inside =
                torch.minimum(torch.maximum(plain, outer(levels, 0)), outer(levels, size - 1));
        Tensor rounded = level.add(inside.sub(inside.detach()));
        return (scale == null ? rounded : rounded.mul(scale)).reshape(Tensors.shape(values));
    }

    /** Tables of integers are learned as floats and used as integers. */
    private Tensor whole(Tensor levels) {
        return learned && format.integral() ? StepSize.rounded(levels) : levels;
    }

    private Tensor outer(Tensor levels, long code) {
        return levels.detach()
                .select(1, code)
                .index_select(0, tableOf.reshape(-1))
                .reshape(Tensors.shape(tableOf));
    }

    private Tensor nearest(Tensor values, Tensor levels) {
        Tensor middles =
                levels.narrow(1, 0, size - 1)
                        .add(levels.narrow(1, 1, size - 1))
                        .div(new Scalar(2.0));
        if (levels.size(0) == 1) {
            return torch.bucketize(values.contiguous(), middles.reshape(-1), false, false);
        }
        Tensor codes = torch.zeros_like(tableOf);
        for (long i = 0; i < size - 1; i++) {
            Tensor middle =
                    middles.select(1, i)
                            .index_select(0, tableOf.reshape(-1))
                            .reshape(Tensors.shape(tableOf));
            codes = codes.add(values.gt(middle).to(torch.ScalarType.Long));
        }
        return codes;
    }

    private Tensor level(Tensor levels, Tensor codes) {
        Tensor index = tableOf.mul(new Scalar((long) size)).add(codes);
        return levels.reshape(-1)
                .index_select(0, index.reshape(-1))
                .reshape(Tensors.shape(tableOf));
    }

    @Override
    public RoundedWeight codes(Tensor weight) {
        Tensor view = groups.view(weight.detach());
        Tensor stored = scales == null ? null : groups.stored(scales.detach());
        Tensor plain = stored == null ? view : view.div(groups.spread(stored));
        Tensor levels = whole(tables.detach());
        long[] codes = Tensors.longs(nearest(plain, levels));
        byte[] bytes = new byte[codes.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) codes[i];
        }
        List<LevelTable> own = new ArrayList<>();
        if (learned) {
            float[] all = Tensors.floats(levels);
            for (int from = 0; from < all.length; from += size) {
                own.add(LevelTable.of(Arrays.copyOfRange(all, from, from + size)));
            }
        }
        return new RoundedWeight(
                bytes, stored == null ? new float[0] : Tensors.floats(stored), new int[0], own);
    }

    /** Scales keep their signs, levels their ascending order, and integers their range. */
    @Override
    public void settle() {
        if (scales != null && least != null && signs != null) {
            Tensor magnitudes = torch.maximum(scales.detach().mul(signs), least);
            scales.detach().copy_(magnitudes.mul(signs));
        }
        if (learned) {
            float[] levels = Tensors.floats(tables);
            for (int from = 0; from < levels.length; from += size) {
                Arrays.sort(levels, from, from + size);
            }
            if (format.integral()) {
                for (int i = 0; i < levels.length; i++) {
                    levels[i] = Math.clamp(levels[i], Byte.MIN_VALUE, Byte.MAX_VALUE);
                }
            }
            try (Tensor sorted = Tensors.ofFloats(levels, Tensors.shape(tables))) {
                tables.detach().copy_(sorted);
            }
        }
    }

    @Override
    public Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        if (scales != null) {
            parameters.put("scales", scales);
        }
        if (learned) {
            parameters.put("tables", tables);
        }
        return parameters;
    }

    @Override
    public void close() {
        tables.close();
        tableOf.close();
        if (scales != null && least != null && signs != null) {
            scales.close();
            least.close();
            signs.close();
        }
    }
}
