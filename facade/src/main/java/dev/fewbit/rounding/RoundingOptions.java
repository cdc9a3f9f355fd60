package dev.fewbit.rounding;

import dev.fewbit.Progress;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What rounding works with.
 *
 * @param data samples; empty where nothing is rounded by data
 * @param tokenizer the tokenizer for samples that are text; empty to look for one beside the data
 * @param samples samples to run at most, at least 1
 * @param threads threads that work, at least 1
 * @param progress is told how far the work has come
 */
public record RoundingOptions(
        Optional<Path> data,
        Optional<Path> tokenizer,
        int samples,
        int threads,
        Progress progress) {}
