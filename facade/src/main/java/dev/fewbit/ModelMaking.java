package dev.fewbit;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.tuning.TuningOptions;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What all ways to make a smaller model are told alike.
 *
 * @param <T> the way
 */
abstract sealed class ModelMaking<T extends ModelMaking<T>>
        permits Quantization, PrecisionSearching, Training {
    final Path source;
    @Nullable Path tokenizer;
    TaskChoice task = TaskChoice.AUTO;
    int samples = TuningOptions.SAMPLES;
    int threads = Runtime.getRuntime().availableProcessors();
    Measuring measuring = Measuring.ERRORS;
    boolean compact;
    Progress progress = Progress.NONE;

    ModelMaking(Path source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    abstract T self();

    /**
     * The {@code tokenizer.json} for samples that are text, see {@link ModelComparing#tokenizer}.
     */
    public T tokenizer(Path file) {
        this.tokenizer = Objects.requireNonNull(file, "tokenizer");
        return self();
    }

    /** The task whose metric counts where a loss is limited; what the data tells by default. */
    public T task(TaskChoice choice) {
        this.task = Objects.requireNonNull(choice, "task");
        return self();
    }

    /**
     * How many samples are gone by at most; {@value TuningOptions#SAMPLES} unless said otherwise.
     *
     * @throws IllegalArgumentException if there is not at least one
     */
    public T samples(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one sample is needed, got " + most);
        }
        this.samples = most;
        return self();
    }

    /**
     * How many threads may work; as many as there are processors unless said otherwise. The result
     * is the same.
     *
     * @throws IllegalArgumentException if there is not at least one
     */
    public T threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one thread is needed, got " + count);
        }
        this.threads = count;
        return self();
    }

    /**
     * How much to find out about the weights on the way: what rounding them cost unless said
     * otherwise, nothing where only time counts, their distribution too for a report.
     */
    public T measuring(Measuring wanted) {
        this.measuring = Objects.requireNonNull(wanted, "measuring");
        return self();
    }

    /**
     * Leaves out of the file what no runtime needs, such as the names of inner values: a fifth of a
     * small network in few bits. A comparison cannot go layer by layer then.
     */
    public T compact() {
        this.compact = true;
        return self();
    }

    /** Who is told how far the work has come. */
    public T progress(Progress listener) {
        this.progress = Objects.requireNonNull(listener, "progress");
        return self();
    }
}
