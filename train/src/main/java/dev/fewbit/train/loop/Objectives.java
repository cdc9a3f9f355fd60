package dev.fewbit.train.loop;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The usual objectives. */
public final class Objectives {
    private static final double TINY = 1e-12;

    private Objectives() {}

    /**
     * Cross entropy with the labels.
     *
     * @param output number of the output that scores classes, {@code [samples, classes]}
     * @param probabilities whether it has probabilities rather than logits
     */
    public static Objective crossEntropy(int output, boolean probabilities) {
        return new Objective() {
            @Override
            public boolean wantsTeacher() {
                return false;
            }

            @Override
            public Tensor loss(Batch batch, List<Tensor> outputs, @Nullable List<Tensor> teacher) {
                Tensor classes = batch.classes();
                if (classes == null) {
                    throw new IllegalArgumentException("the data has no labels");
                }
                return torch.nll_loss(logarithms(outputs.get(output), probabilities, 1), classes);
            }
        };
    }

    /**
     * Distillation: what the network's predictions diverge from those of the float network, {@code
     * sum of p (log p - log q)}, averaged over predictions.
     *
     * @param output number of the output that scores classes along its last axis
     * @param probabilities whether it has probabilities rather than logits
     * @param temperature by which logits are divided: above 1, unlikely classes count more
     */
    public static Objective divergence(int output, boolean probabilities, double temperature) {
        return new WithTeacher() {
            @Override
            Tensor distance(Batch batch, List<Tensor> outputs, List<Tensor> teacher) {
                Tensor own = logarithms(outputs.get(output), probabilities, temperature);
                Tensor wanted = logarithms(teacher.get(output), probabilities, temperature);
                Tensor each = wanted.exp().mul(wanted.sub(own)).sum(-1);
                return each.mean().mul(new Scalar(temperature * temperature));
            }
        };
    }

    private static Tensor logarithms(Tensor scores, boolean probabilities, double temperature) {
        return probabilities
                ? torch.log(scores.clamp_min(new Scalar(TINY)))
                : torch.log_softmax(scores.div(new Scalar(temperature)), -1);
    }

    /**
     * The squared error of all outputs relative to the power of those of the float network: {@code
     * |y - y'|^2 / |y'|^2}.
     */
    public static Objective relativeError() {
        return new WithTeacher() {
            @Override
            Tensor distance(Batch batch, List<Tensor> outputs, List<Tensor> teacher) {
                Tensor sum = torch.zeros(1);
                for (int i = 0; i < outputs.size(); i++) {
                    Tensor wanted = teacher.get(i);
                    if (wanted.is_floating_point()) {
                        Tensor error = outputs.get(i).sub(wanted);
                        Tensor power = wanted.mul(wanted).mean().add(new Scalar(TINY));
                        sum = sum.add(error.mul(error).mean().div(power));
                    }
                }
                return sum;
            }
        };
    }

    /**
     * For embeddings, one vector for each token: directions of vectors, and similarities between
     * the pooled vectors of all pairs of samples, which is what embeddings are for.
     *
     * @param output number of the output, {@code [samples, tokens, size]} or {@code [samples,
     *     size]}
     * @param mask number of the input that says which tokens count, {@code [samples, tokens]}; -1
     *     if all do
     */
    public static Objective embeddings(int output, int mask) {
        return new WithTeacher() {
            @Override
            Tensor distance(Batch batch, List<Tensor> outputs, List<Tensor> teacher) {
                Tensor own = pooled(batch, outputs.get(output));
                Tensor wanted = pooled(batch, teacher.get(output));
                Tensor cosine =
                        torch.cosine_similarity(own, wanted, 1, TINY)
                                .neg()
                                .add(new Scalar(1.0))
                                .mean();
                Tensor pairs = similarities(own).sub(similarities(wanted));
                return cosine.add(pairs.mul(pairs).mean());
            }

            private Tensor pooled(Batch batch, Tensor vectors) {
                if (vectors.dim() < 3) {
                    return vectors;
                }
                if (mask < 0) {
                    return vectors.mean(new long[] {1}, false, new ScalarTypeOptional());
                }
                Tensor counts = batch.inputs().get(mask).to(torch.ScalarType.Float).unsqueeze(-1);
                return vectors.mul(counts).sum(1).div(counts.sum(1).clamp_min(new Scalar(1.0)));
            }

            private Tensor similarities(Tensor vectors) {
                Tensor lengths =
                        vectors.mul(vectors)
                                .sum(new long[] {1}, true, new ScalarTypeOptional())
                                .sqrt()
                                .clamp_min(new Scalar(TINY));
                Tensor directions = vectors.div(lengths);
                return torch.matmul(directions, directions.t());
            }
        };
    }

    /** A mean of two objectives. */
    public static Objective mean(Objective first, Objective second) {
        return new Objective() {
            @Override
            public boolean wantsTeacher() {
                return first.wantsTeacher() || second.wantsTeacher();
            }

            @Override
            public Tensor loss(Batch batch, List<Tensor> outputs, @Nullable List<Tensor> teacher) {
                return first.loss(batch, outputs, teacher)
                        .add(second.loss(batch, outputs, teacher))
                        .mul(new Scalar(0.5));
            }
        };
    }

    private abstract static class WithTeacher implements Objective {
        @Override
        public boolean wantsTeacher() {
            return true;
        }

        @Override
        public Tensor loss(Batch batch, List<Tensor> outputs, @Nullable List<Tensor> teacher) {
            if (teacher == null) {
                throw new IllegalArgumentException("the outputs of the float network are needed");
            }
            return distance(batch, outputs, teacher);
        }

        abstract Tensor distance(Batch batch, List<Tensor> outputs, List<Tensor> teacher);
    }
}
