package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Arrays;

/** Elements moved to other places of a tensor, or left out of a triangle of it. */
final class Rearrangements {
    private Rearrangements() {}

    static void addTo(Operators.Taker all) {
        all.single("Trilu", Elements.widened(Rearrangements::triangle));
        all.single("ReverseSequence", Rearrangements::reverseSequence);
        all.single("DepthToSpace", Rearrangements::depthToSpace);
        all.single("SpaceToDepth", Rearrangements::spaceToDepth);
    }

    private static Tensor triangle(Call call) {
        long offset = call.has(1) ? call.longs(1)[0] : 0;
        return call.node().intAttribute("upper", 1) != 0
                ? torch.triu(call.input(0), offset)
                : torch.tril(call.input(0), offset);
    }

    private static Tensor reverseSequence(Call call) {
        Tensor x = call.input(0);
        int time = call.axis(call.node().intAttribute("time_axis", 0), call.rank(0));
        int batch = call.axis(call.node().intAttribute("batch_axis", 1), call.rank(0));
        long[] alongTime = ones(call.rank(0));
        alongTime[time] = x.size(time);
        long[] alongBatch = ones(call.rank(0));
        alongBatch[batch] = x.size(batch);
        Tensor place = MadeTensors.counting(x.size(time)).reshape(alongTime);
        Tensor length = call.input(1).to(ScalarType.Long).reshape(alongBatch);
        Tensor turned = length.sub(place).sub(new Scalar(1));
        // What is behind the end of a sequence stays where it is.
        Tensor source = torch.where(place.lt(length), turned, place);
        return torch.gather(x, time, source.expand_as(x));
    }

    private static long[] ones(int rank) {
        long[] shape = new long[rank];
        Arrays.fill(shape, 1);
        return shape;
    }

    private static Tensor depthToSpace(Call call) {
        Tensor x = call.input(0);
        long block = blockSize(call);
        long channels = x.size(1) / (block * block);
        long height = x.size(2);
        long width = x.size(3);
        String mode = call.node().stringAttribute("mode", "DCR");
        Tensor blocks =
                switch (mode) {
                    case "DCR" ->
                            x.reshape(x.size(0), block, block, channels, height, width)
                                    .permute(0, 3, 4, 1, 5, 2);
                    case "CRD" ->
                            x.reshape(x.size(0), channels, block, block, height, width)
                                    .permute(0, 1, 4, 2, 5, 3);
                    default -> throw call.failure("has the unknown mode '" + mode + "'");
                };
        return blocks.reshape(x.size(0), channels, height * block, width * block);
    }

    private static Tensor spaceToDepth(Call call) {
        Tensor x = call.input(0);
        long block = blockSize(call);
        String mode = call.node().stringAttribute("mode", "DCR");
        if (!mode.equals("DCR")) {
            throw call.failure("has the mode '" + mode + "', which is not supported");
        }
        long height = x.size(2) / block;
        long width = x.size(3) / block;
        return x.reshape(x.size(0), x.size(1), height, block, width, block)
                .permute(0, 3, 5, 1, 2, 4)
                .reshape(x.size(0), x.size(1) * block * block, height, width);
    }

    private static long blockSize(Call call) {
        if (call.rank(0) != 4) {
            throw call.failure("takes 4 axes, got " + call.rank(0));
        }
        return call.node().intAttribute("blocksize", 1);
    }
}
