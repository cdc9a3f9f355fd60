package dev.fewbit.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.runtime.data.Label;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;
import dev.fewbit.runtime.data.SampleVisitor;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.data.TaskSettings;
import dev.fewbit.runtime.data.TaskSettings.Pooling;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class TaskSelectionTest {

    private static final NumberArray IDS = NumberArray.ofLongs(new long[] {3, 1, 7}, 1, 3);

    /** One sample, and what the data says of its task. */
    private record One(Sample sample, Optional<TaskSettings> task, boolean random)
            implements Samples {
        @Override
        public String description() {
            return "one";
        }

        @Override
        public OptionalLong count() {
            return OptionalLong.of(1);
        }

        @Override
        public void visit(SampleVisitor visitor) throws IOException {
            visitor.visit(sample);
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private static TaskSelection.Result choose(
            TaskChoice choice,
            @Nullable TaskSettings settings,
            @Nullable Label label,
            Map<String, NumberArray> inputs,
            Map<String, NumberArray> outputs)
            throws SampleDataException {
        Sample sample = new Sample(0, inputs, Optional.ofNullable(label));
        return TaskSelection.choose(
                choice,
                new One(sample, Optional.ofNullable(settings), false),
                List.of(sample),
                outputs,
                key -> key.equals("character") ? "a\nb\n" : "");
    }

    private static NumberArray floats(int... shape) {
        int size = 1;
        long[] dimensions = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            size *= shape[i];
            dimensions[i] = shape[i];
        }
        return NumberArray.ofFloats(new float[size], dimensions);
    }

    private static Map<String, NumberArray> outputs(Object... namesAndArrays) {
        Map<String, NumberArray> outputs = new LinkedHashMap<>();
        for (int i = 0; i < namesAndArrays.length; i += 2) {
            outputs.put((String) namesAndArrays[i], (NumberArray) namesAndArrays[i + 1]);
        }
        return outputs;
    }

    @Test
    void integerLabelsAreClasses() throws Exception {
        Label label = new Label.Classes(List.of(1L, 2L));
        assertThat(
                        choose(
                                        TaskChoice.AUTO,
                                        null,
                                        label,
                                        Map.of(),
                                        outputs(
                                                "features", floats(2, 8),
                                                "probabilities", floats(2, 4, 1, 1)))
                                .task())
                .contains(new Classification("probabilities"));
        TaskSelection.Result none =
                choose(TaskChoice.AUTO, null, label, Map.of(), outputs("map", floats(2, 3, 5, 5)));
        assertThat(none.task()).isEmpty();
        assertThat(none.warnings())
                .singleElement()
                .asString()
                .contains("no output of scores of classes [2, classes]", "map");
        assertThatThrownBy(
                        () ->
                                choose(
                                        TaskChoice.CLASSIFICATION,
                                        null,
                                        null,
                                        Map.of(),
                                        outputs("y", floats(1, 3))))
                .isInstanceOf(SampleDataException.class)
                .hasMessageContaining("--task classification: the data has no class numbers");
    }

    @Test
    void pairsPreferSentenceEmbeddings() throws Exception {
        Label half = new Label.Half(false, 1);
        TaskSettings settings = new TaskSettings.Similarity(Pooling.FIRST);
        Map<String, NumberArray> inputs = Map.of("input_ids", IDS);
        assertThat(
                        choose(
                                        TaskChoice.AUTO,
                                        settings,
                                        half,
                                        inputs,
                                        outputs(
                                                "last_hidden_state", floats(1, 3, 8),
                                                "pooler_output", floats(1, 8)))
                                .task())
                .contains(new Similarity("last_hidden_state", Pooling.FIRST));
        assertThat(
                        choose(
                                        TaskChoice.AUTO,
                                        settings,
                                        half,
                                        inputs,
                                        outputs(
                                                "last_hidden_state", floats(1, 3, 8),
                                                "sentence_embedding", floats(1, 8)))
                                .task())
                .contains(new Similarity("sentence_embedding", Pooling.FIRST));
    }

    @Test
    void tokensAreForetoldOnlyByModelsThatCan() throws Exception {
        TaskSettings tokens = new TaskSettings.NextToken();
        Map<String, NumberArray> inputs = Map.of("ids", IDS);
        assertThat(
                        choose(
                                        TaskChoice.AUTO,
                                        tokens,
                                        null,
                                        inputs,
                                        outputs("states", floats(1, 3, 4), "y", floats(1, 3, 8)))
                                .task())
                .contains(new NextToken("y", "ids"));
        // Width 7 cannot be a vocabulary with a token 7 in it.
        assertThat(
                        choose(TaskChoice.AUTO, tokens, null, inputs, outputs("y", floats(1, 3, 7)))
                                .task())
                .isEmpty();
        // A model with segments reads the whole sentence at once.
        Map<String, NumberArray> segments = Map.of("input_ids", IDS, "token_type_ids", IDS);
        Map<String, NumberArray> logits = outputs("logits", floats(1, 3, 8));
        assertThat(choose(TaskChoice.AUTO, tokens, null, segments, logits).task()).isEmpty();
        assertThat(choose(TaskChoice.NEXT_TOKEN, null, null, segments, logits).task())
                .contains(new NextToken("logits", "input_ids"));
    }

    @Test
    void theDictionaryMayBeTheModels() throws Exception {
        Label texts = new Label.Texts(List.of("ab"));
        TaskSettings ctc = TaskSettings.Ctc.defaults();
        assertThat(
                        choose(TaskChoice.AUTO, ctc, texts, Map.of(), outputs("y", floats(1, 5, 3)))
                                .task())
                .contains(new TextReading("y", List.of("", "a", "b"), 0, false, false));
        assertThat(
                        choose(TaskChoice.AUTO, ctc, texts, Map.of(), outputs("y", floats(1, 5, 4)))
                                .task())
                .contains(new TextReading("y", List.of("", "a", "b", " "), 0, false, false));
        assertThat(
                        choose(TaskChoice.AUTO, ctc, texts, Map.of(), outputs("y", floats(1, 5, 9)))
                                .warnings())
                .singleElement()
                .asString()
                .contains("the dictionary has 2 characters, output 'y' has 9 classes");
    }

    @Test
    void whatIsRandomOrUnwantedHasNoTask() throws Exception {
        Label label = new Label.Classes(List.of(1L));
        Map<String, NumberArray> outputs = outputs("y", floats(1, 3));
        assertThat(choose(TaskChoice.NONE, null, label, Map.of(), outputs).task()).isEmpty();
        assertThat(
                        choose(TaskChoice.AUTO, new TaskSettings.None(), label, Map.of(), outputs)
                                .task())
                .isEmpty();
        Sample sample = new Sample(0, Map.of(), Optional.of(label));
        assertThat(
                        TaskSelection.choose(
                                        TaskChoice.AUTO,
                                        new One(sample, Optional.empty(), true),
                                        List.of(sample),
                                        outputs,
                                        key -> "")
                                .task())
                .isEmpty();
    }
}
