package dev.fewbit.runtime.task;

import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.runtime.data.Label;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.OmittedInput;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.data.TaskSettings;
import dev.fewbit.runtime.data.TaskSettings.Pooling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Finds the task of data and model: what the user forces, else what the data says, else what its
 * labels tell.
 *
 * <ul>
 *   <li>Integer labels, one for each row: {@link Classification}.
 *   <li>Pairs of sentences with a score: {@link Similarity}.
 *   <li>Rows of tokens, or plain sentences, and a model without segments that gives [rows, tokens,
 *       vocabulary] with a vocabulary larger than every token: {@link NextToken}.
 *   <li>Texts of pictures: {@link TextReading}.
 * </ul>
 */
public final class TaskSelection {

    /** Metadata under which exporters of PaddleOCR leave the characters, one a line. */
    private static final String CHARACTERS = "character";

    /**
     * What was found.
     *
     * @param task the task, if there is one
     * @param warnings why there is none although the data has labels
     */
    public record Result(Optional<Task> task, List<String> warnings) {
        /** Copies the list. */
        public Result {
            warnings = List.copyOf(warnings);
        }
    }

    private final List<Sample> first;
    private final Map<String, NumberArray> answer;
    private final UnaryOperator<String> metadata;

    private TaskSelection(
            List<Sample> first, Map<String, NumberArray> answer, UnaryOperator<String> metadata) {
        this.first = first;
        this.answer = answer;
        this.metadata = metadata;
    }

    /**
     * Finds the task.
     *
     * @param choice what the user wants
     * @param samples the data
     * @param first its first samples, at least one
     * @param answer outputs of the float model for the very first of them
     * @param metadata the model's metadata by key; empty where there is none
     * @throws SampleDataException if a task is forced that data and model do not allow
     */
    public static Result choose(
            TaskChoice choice,
            Samples samples,
            List<Sample> first,
            Map<String, NumberArray> answer,
            UnaryOperator<String> metadata)
            throws SampleDataException {
        if (choice == TaskChoice.NONE || (choice == TaskChoice.AUTO && samples.random())) {
            return new Result(Optional.empty(), List.of());
        }
        TaskSelection selection = new TaskSelection(first, answer, metadata);
        boolean forced = choice != TaskChoice.AUTO;
        TaskSettings settings =
                forced
                        ? forced(choice, samples.task())
                        : samples.task().orElseGet(selection::byLabels);
        try {
            return new Result(selection.task(settings, forced), List.of());
        } catch (NoTask problem) {
            if (forced) {
                throw new SampleDataException(
                        samples.description(),
                        "--task " + choice.label() + ": " + problem.getMessage(),
                        "Give data and a model of that task, or --task auto");
            }
            return new Result(
                    Optional.empty(),
                    List.of("the task's metric could not be measured: " + problem.getMessage()));
        }
    }

    /** Why data and model do not go together. */
    private static final class NoTask extends Exception {
        private static final long serialVersionUID = 1L;

        NoTask(String problem) {
            super(problem);
        }
    }

    private static TaskSettings forced(TaskChoice choice, Optional<TaskSettings> said) {
        return switch (choice) {
            case AUTO, NONE -> new TaskSettings.None();
            case CLASSIFICATION -> new TaskSettings.Classification();
            case SIMILARITY ->
                    said.orElse(null) instanceof TaskSettings.Similarity similarity
                            ? similarity
                            : new TaskSettings.Similarity(Pooling.MEAN);
            case NEXT_TOKEN -> new TaskSettings.NextToken();
            case CTC ->
                    said.orElse(null) instanceof TaskSettings.Ctc ctc
                            ? ctc
                            : TaskSettings.Ctc.defaults();
        };
    }

    private TaskSettings byLabels() {
        return switch (first.getFirst().label().orElse(null)) {
            case Label.Classes _ -> new TaskSettings.Classification();
            case Label.Half _ -> new TaskSettings.Similarity(Pooling.MEAN);
            case Label.Texts _ -> TaskSettings.Ctc.defaults();
            case Label.Numbers _ -> new TaskSettings.None();
            case null -> new TaskSettings.None();
        };
    }

    private Optional<Task> task(TaskSettings settings, boolean forced) throws NoTask {
        return switch (settings) {
            case TaskSettings.None _ -> Optional.empty();
            case TaskSettings.Classification _ -> Optional.of(classification());
            case TaskSettings.Similarity similarity -> Optional.of(similarity(similarity));
            case TaskSettings.NextToken _ -> nextToken(forced);
            case TaskSettings.Ctc ctc -> Optional.of(textReading(ctc));
        };
    }

    private Task classification() throws NoTask {
        if (!(first.getFirst().label().orElse(null) instanceof Label.Classes labels)) {
            throw new NoTask("the data has no class numbers, one for each row of a batch");
        }
        int rows = labels.numbers().size();
        return new Classification(
                output(
                        "scores of classes [" + rows + ", classes]",
                        array -> array.size() >= 2 * rows && isFlat(array, rows),
                        List.of("logit", "prob", "softmax", "score", "class")));
    }

    /** [rows, classes], and perhaps axes of 1. */
    private static boolean isFlat(NumberArray array, int rows) {
        long[] shape = array.shape();
        if (shape.length < 2 || shape[0] != rows) {
            return false;
        }
        int wide = 0;
        for (int axis = 1; axis < shape.length; axis++) {
            wide += shape[axis] > 1 ? 1 : 0;
        }
        return wide == 1;
    }

    private Task similarity(TaskSettings.Similarity settings) throws NoTask {
        if (!(first.getFirst().label().orElse(null) instanceof Label.Half)) {
            throw new NoTask("the data has no pairs of sentences with a score");
        }
        Optional<NumberArray> ids = ids().map(name -> first.getFirst().inputs().get(name));
        long tokens = ids.isPresent() ? ids.get().size() : -1;
        return new Similarity(
                output(
                        "embeddings [1, width] or [1, tokens, width]",
                        array ->
                                array.rank() > 1
                                        && array.shape()[0] == 1
                                        && (array.rank() == 2
                                                || (array.rank() == 3
                                                        && (tokens < 0
                                                                || array.shape()[1] == tokens))),
                        List.of("sentence_embedding", "last_hidden_state", "token_embeddings")),
                settings.pooling());
    }

    private Optional<Task> nextToken(boolean forced) throws NoTask {
        Optional<String> ids = ids();
        if (ids.isEmpty()) {
            throw new NoTask("the model has no input that takes rows of token ids");
        }
        long length = lastAxis(first.getFirst().inputs(), ids.get());
        long largest = 0;
        boolean segments = false;
        for (Sample sample : first) {
            NumberArray row = sample.inputs().get(ids.get());
            for (int i = 0; row != null && i < row.size(); i++) {
                largest = Math.max(largest, row.longAt(i));
            }
            segments |=
                    sample.inputs().keySet().stream()
                            .anyMatch(
                                    name ->
                                            OmittedInput.of(name).orElse(null)
                                                    == OmittedInput.SEGMENT);
        }
        long most = largest;
        try {
            String output =
                    output(
                            "logits [rows, tokens, vocabulary]",
                            array ->
                                    array.rank() == 3
                                            && array.shape()[1] == length
                                            && array.shape()[2] > most,
                            List.of("logit", "score", "prob"));
            // A model with segments sees the whole sentence at once, the next word included.
            return segments && !forced
                    ? Optional.empty()
                    : Optional.of(new NextToken(output, ids.get()));
        } catch (NoTask noLogits) {
            if (forced) {
                throw noLogits;
            }
            return Optional.empty();
        }
    }

    private static long lastAxis(Map<String, NumberArray> inputs, String name) {
        NumberArray array = inputs.get(name);
        return array == null ? -1 : array.shape()[array.rank() - 1];
    }

    private Task textReading(TaskSettings.Ctc settings) throws NoTask {
        if (!(first.getFirst().label().orElse(null) instanceof Label.Texts)) {
            throw new NoTask("the data has no texts as labels");
        }
        List<String> dictionary = settings.dictionary().orElseGet(this::ownDictionary);
        if (dictionary.isEmpty()) {
            throw new NoTask(
                    "there is no dictionary: data.yaml names none, and the model's metadata has no"
                            + " '"
                            + CHARACTERS
                            + "'");
        }
        String output =
                output(
                        "scores [batch, steps, classes]",
                        array -> array.rank() == 3 && array.shape()[2] > 1,
                        List.of("softmax", "prob", "logit"));
        NumberArray scores = answer.get(output);
        long classes = scores == null ? 0 : scores.shape()[2];
        // With a class more than blank and characters, PaddleOCR's convention is a space at the
        // end.
        long more = classes - dictionary.size();
        if (more != 1 && more != 2) {
            throw new NoTask(
                    "the dictionary has "
                            + dictionary.size()
                            + " characters, output '"
                            + output
                            + "' has "
                            + classes
                            + " classes; one more is expected for the blank, or two with the"
                            + " space");
        }
        List<String> characters = new ArrayList<>(dictionary);
        if (more == 2) {
            characters.add(" ");
        }
        if (settings.blank() >= classes) {
            throw new NoTask("the blank is class " + settings.blank() + " of " + classes);
        }
        characters.add(settings.blank(), "");
        return new TextReading(
                output,
                characters,
                settings.blank(),
                settings.ignoresCase(),
                settings.lettersAndDigitsOnly());
    }

    private List<String> ownDictionary() {
        String text = metadata.apply(CHARACTERS);
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of(text.split("\r?\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    /** The input that takes token ids, if there is one only. */
    private Optional<String> ids() {
        Map<String, NumberArray> inputs = first.getFirst().inputs();
        if (inputs.containsKey("input_ids")) {
            return Optional.of("input_ids");
        }
        List<String> names =
                inputs.entrySet().stream()
                        .filter(input -> OmittedInput.of(input.getKey()).isEmpty())
                        .filter(input -> !input.getValue().type().isFloat())
                        .filter(input -> input.getValue().rank() == 2)
                        .map(Map.Entry::getKey)
                        .toList();
        return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
    }

    private interface Fits {
        boolean test(NumberArray array);
    }

    /** The first output that fits, one whose name says what it is before others. */
    private String output(String words, Fits fits, List<String> names) throws NoTask {
        List<String> candidates =
                answer.entrySet().stream()
                        .filter(entry -> entry.getValue().type().isFloat())
                        .filter(entry -> fits.test(entry.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
        for (String name : names) {
            for (String candidate : candidates) {
                if (candidate.toLowerCase(Locale.ROOT).contains(name)) {
                    return candidate;
                }
            }
        }
        if (candidates.isEmpty()) {
            throw new NoTask("the model has no output of " + words + "; it gives " + answer);
        }
        return candidates.getFirst();
    }
}
