package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.Quantization;
import dev.fewbit.Recipe;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** Statistics in files take the place of data. */
class StatisticsReuseTest {
    private static final Recipe RECIPE =
            Recipe.INT8.withStatics(Recipe.INT8.statics().withCorrections(false));

    @TempDir Path folder;
    private Path model;

    @BeforeEach
    void write() {
        model = ConvolutionNet.write(folder.resolve("net.onnx"));
    }

    @Test
    void giveTheSamePlanAsTheData() throws IOException {
        Path file = folder.resolve("all.statistics");
        Path data = ConvolutionNet.data(folder.resolve("all.jsonl"), 0, 24);
        TunedPlan measured = quantization().data(data).statistics(file).plan();
        TunedPlan reused = quantization().statistics(file).plan();
        assertThat(reused.plan()).isEqualTo(measured.plan());
        assertThat(reused.notes().getFirst()).contains("24 samples", "nothing was tried out");
    }

    @Test
    void ofHalvesMakeUpThoseOfTheWhole() throws IOException {
        Path first = folder.resolve("first.statistics");
        Path second = folder.resolve("second.statistics");
        Path all = ConvolutionNet.data(folder.resolve("all.jsonl"), 0, 24);
        quantization()
                .data(ConvolutionNet.data(folder.resolve("1.jsonl"), 0, 10))
                .statistics(first)
                .plan();
        quantization()
                .data(ConvolutionNet.data(folder.resolve("2.jsonl"), 10, 24))
                .statistics(second)
                .plan();
        assertThat(quantization().statistics(first, second).plan().plan())
                .isEqualTo(quantization().data(all).plan().plan());
    }

    @Test
    void ofAnotherModelAreRefused() throws IOException {
        Path file = folder.resolve("all.statistics");
        Path data = ConvolutionNet.data(folder.resolve("all.jsonl"), 0, 4);
        quantization().data(data).statistics(file).plan();
        Path other = ConvolutionNet.write(folder.resolve("other.onnx"), 2);
        Quantization wrong = Fewbit.quantize(other).recipe(RECIPE).statistics(file);
        assertThatThrownBy(wrong::plan)
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("were gathered on another model")
                .hasMessageContaining("calibrate again with --data");
    }

    @Test
    void withoutDataAndStatisticsThereIsAWarning() {
        TunedPlan blind = quantization().plan();
        assertThat(blind.warnings())
                .anySatisfy(warning -> assertThat(warning).contains("there is no data"));
        assertThat(blind.plan().graph().activations()).isNotEmpty();
    }

    @Test
    void aLimitOfTheLossNeedsData() {
        assertThatThrownBy(() -> quantization().maximumLoss(0.1).plan())
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("give data");
    }

    private Quantization quantization() {
        return Fewbit.quantize(model).recipe(RECIPE).threads(1);
    }
}
