package dev.fewbit.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

/** The same steps as libtorch's own optimizers make. */
class OptimizersTest {
    private static final double RATE = 0.05;
    private static final double DECAY = 0.01;
    private static final float[] START = {1, -2, 0.5f, 3};

    @BeforeAll
    static void oneThread() {
        torch.set_num_threads(1);
    }

    private static Tensor start() {
        return Tensors.ofFloats(START, START.length).set_requires_grad(true);
    }

    /** A bowl that is steeper in some directions than in others. */
    private static void descend(Tensor place) {
        Tensor factors = Tensors.ofFloats(new float[] {1, 0.1f, 3, 0.5f}, START.length);
        torch.sum(place.mul(place).mul(factors)).backward();
    }

    @Test
    void momentum() {
        try (PointerScope _ = new PointerScope()) {
            Tensor own = start();
            Tensor other = start();
            SGDOptions options = new SGDOptions(RATE);
            options.momentum().put(0.9);
            options.nesterov().put(true);
            options.weight_decay().put(DECAY);
            try (Sgd optimizer = new Sgd(List.of(new Parameter("p", own, RATE, DECAY)));
                    SGD oracle = new SGD(new TensorVector(other), options)) {
                for (int step = 0; step < 20; step++) {
                    descend(own);
                    optimizer.step(1);
                    descend(other);
                    oracle.step();
                    oracle.zero_grad();
                }
            }
            assertSame(own, other);
        }
    }

    @Test
    void adam() {
        try (PointerScope _ = new PointerScope()) {
            Tensor own = start();
            Tensor other = start();
            AdamWOptions options = new AdamWOptions(RATE);
            options.weight_decay().put(DECAY);
            try (Adam optimizer = new Adam(List.of(new Parameter("p", own, RATE, DECAY)));
                    AdamW oracle = new AdamW(new TensorVector(other), options)) {
                for (int step = 0; step < 20; step++) {
                    descend(own);
                    optimizer.step(1);
                    descend(other);
                    oracle.step();
                    oracle.zero_grad();
                }
            }
            assertSame(own, other);
        }
    }

    private static void assertSame(Tensor own, Tensor other) {
        float[] mine = Tensors.floats(own);
        float[] theirs = Tensors.floats(other);
        for (int i = 0; i < mine.length; i++) {
            // Each of 20 steps rounds some ten times.
            assertThat(mine[i]).isCloseTo(theirs[i], within(200 * Math.ulp(START[i])));
        }
    }
}
