package dev.fewbit.training;

import dev.fewbit.Progress;
import dev.fewbit.Recipe;
import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.core.plan.Plan;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is to be trained, and how.
 *
 * @param recipe what the plan to start from is made by, unless there is a plan
 * @param plan the plan to start from
 * @param data samples to train on; some of them are held back to evaluate on
 * @param tokenizer for data that is text
 * @param labels whether to go by labels, too
 * @param samples samples that the start is calibrated and rounded by
 * @param epochs how often to go through the data
 * @param steps steps at most
 * @param batch samples of a step
 * @param rate highest learning rate
 * @param checkpoint folder to keep the state in, and to go on from
 * @param seed of everything random
 */
public record TrainingRequest(
        Recipe recipe,
        Optional<Plan> plan,
        Path data,
        Optional<Path> tokenizer,
        TaskChoice task,
        boolean labels,
        int samples,
        OptionalInt epochs,
        OptionalLong steps,
        OptionalInt batch,
        OptionalDouble rate,
        Optional<Path> checkpoint,
        long seed,
        int threads,
        Progress progress) {}
