package dev.fewbit.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.Recipe;
import dev.fewbit.Training;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.core.plan.Rounding;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** On real pictures; the network is trained anew. */
class NetworkTrainingTest {
    /** Rounded to nearest, which loses much: that is what training is to bring back. */
    private static final Recipe TWO_BITS =
            Recipe.INT2.withAllLayersAlike().withActivationBits(2).withRounding(Rounding.NEAREST);

    @TempDir static Path folder;

    private static Path original;
    private static Path labelled;
    private static Path unlabelled;
    private static Path others;

    @BeforeAll
    static void trainFloat() throws IOException, InterruptedException {
        original = folder.resolve("digits.onnx");
        Digits digits = Digits.read(false);
        digits.writeNetwork(original);
        labelled = digits.write(folder.resolve("labelled.jsonl"), true);
        unlabelled = digits.write(folder.resolve("unlabelled.jsonl"), false);
        others = Digits.read(true).write(folder.resolve("others.jsonl"), true);
    }

    private static Training training(Path data) {
        return Fewbit.train(original, data).recipe(TWO_BITS).rate(0.005).threads(1).samples(128);
    }

    /** Share of the pictures that nobody trained on, float and quantized. */
    private static double[] accuracy(Path model) {
        Findings findings = Fewbit.compare(original, model).data(others).threads(1).run();
        TaskMetric metric = findings.comparison().metrics().getFirst();
        return new double[] {metric.original(), metric.quantized()};
    }

    @Test
    void labelsBringBackWhatTwoBitsTook() {
        Path start = folder.resolve("start.onnx");
        Path trained = folder.resolve("trained.onnx");
        Fewbit.quantize(original).recipe(TWO_BITS).data(unlabelled).samples(128).writeTo(start);
        training(labelled).labels().steps(500).writeTo(trained);
        double[] before = accuracy(start);
        double[] after = accuracy(trained);
        assertThat(before[0]).isGreaterThan(0.95);
        assertThat(after[1]).isGreaterThan(before[1]).isGreaterThan(0.93);
    }

    @Test
    void theFloatModelIsTeacherEnough() {
        Path trained = folder.resolve("distilled.onnx");
        training(unlabelled).steps(500).writeTo(trained);
        assertThat(accuracy(trained)[1]).isGreaterThan(0.92);
    }

    @Test
    void goesOnWhereItWasInterrupted() throws IOException {
        Path whole = folder.resolve("whole.onnx");
        Path resumed = folder.resolve("resumed.onnx");
        Path state = folder.resolve("state");
        training(labelled).labels().steps(40).writeTo(whole);
        Training broken =
                training(labelled)
                        .labels()
                        .steps(40)
                        .checkpoint(state)
                        .progress(
                                (task, done, all) -> {
                                    if (task.equals("training") && done == 27) {
                                        throw new IllegalStateException("pulled the plug");
                                    }
                                });
        assertThatThrownBy(() -> broken.writeTo(resumed)).hasMessageContaining("pulled the plug");
        assertThat(resumed).exists();
        training(labelled).labels().steps(40).checkpoint(state).writeTo(resumed);
        assertThat(resumed).hasSameBinaryContentAs(whole);
        assertThatThrownBy(
                        () ->
                                training(labelled)
                                        .labels()
                                        .steps(50)
                                        .checkpoint(state)
                                        .writeTo(folder.resolve("other.onnx")))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("state of another training");
    }

    @Test
    void labelsThatAreNotThereAreMissed() {
        Path target = folder.resolve("nothing.onnx");
        assertThatThrownBy(() -> training(unlabelled).labels().steps(1).writeTo(target))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("--labels");
        assertThat(Files.exists(target)).isFalse();
    }
}
