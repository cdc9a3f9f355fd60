package dev.fewbit.onnx.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.quantize.BandQuantizer;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.Importance;
import dev.fewbit.core.quantize.LevelRounding;
import dev.fewbit.core.quantize.LevelScaling;
import dev.fewbit.core.quantize.QuantizedBand;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.TableGeometry;
import dev.fewbit.core.quantize.TaskRunner;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Learned levels have less squared error than evenly spaced ones of the same width, whose scales
 * are the best that least squares find, on every matrix of a real network.
 */
class RealCodebooksTest {
    private static final TaskRunner PARALLEL =
            (tasks, task) -> IntStream.range(0, tasks).parallel().forEach(task);

    /** Matrices up to this size are rounded per channel too; that takes longer. */
    private static final long SMALL = 384 * 384;

    @TempDir static Path folder;
    private static List<WeightSite> matrices = List.of();

    @BeforeAll
    static void read() throws Exception {
        Path file = folder.resolve("all-minilm-l6-v2.onnx");
        try (InputStream resource =
                RealCodebooksTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(resource, file);
        }
        Model model = OnnxReader.read(file);
        matrices =
                WeightSites.find(model).stream().filter(site -> site.tensor().rank() == 2).toList();
        assertThat(matrices).hasSizeGreaterThan(36);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void oneTableBeatsOneUniformGrid(int bits) throws Exception {
        for (WeightSite site : matrices) {
            float[] values = site.tensor().floats();
            GroupGeometry whole = site.geometry(Grouping.TENSOR);
            double learned =
                    learned(
                            values,
                            bits,
                            whole,
                            TableGeometry.oneTable(values.length),
                            Grouping.TENSOR);
            assertThat(learned)
                    .as("squared error of %s with %d bits", site.name(), bits)
                    .isLessThan(uniform(values, bits, whole));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void oneTableWithScalesForChannelsBeatsUniformGridsForChannels(int bits) throws Exception {
        for (WeightSite site : matrices) {
            if (site.tensor().elementCount() > SMALL) {
                continue;
            }
            float[] values = site.tensor().floats();
            GroupGeometry channels = site.geometry(Grouping.CHANNEL);
            double learned =
                    learned(
                            values,
                            bits,
                            channels,
                            TableGeometry.oneTable(values.length),
                            Grouping.CHANNEL);
            assertThat(learned)
                    .as("squared error of %s with %d bits", site.name(), bits)
                    .isLessThan(uniform(values, bits, channels));
        }
    }

    private static double learned(
            float[] values,
            int bits,
            GroupGeometry groups,
            TableGeometry tables,
            Grouping grouping) {
        Codebook format = new Codebook(bits);
        RoundedWeight rounded =
                LevelRounding.nearest(
                        values,
                        format,
                        groups,
                        tables,
                        LevelScaling.of(format, grouping),
                        Importance.EQUAL,
                        PARALLEL);
        double error = 0;
        for (int i = 0; i < values.length; i++) {
            float level = rounded.tables().get(tables.tableOf(i)).level(rounded.codes()[i] & 0xFF);
            boolean scaled = rounded.scales().length > 0;
            float scale = scaled ? rounded.scales()[(int) groups.groupOf(i)] : 1;
            error += Math.pow((double) values[i] - scale * level, 2);
        }
        return error;
    }

    private static double uniform(float[] values, int bits, GroupGeometry groups) {
        Affine format = new Affine(bits, true, true);
        BandQuantizer quantizer = new BandQuantizer(format, new RangeMethod.LeastSquares());
        QuantizedBand band = new QuantizedBand(format);
        int length = (int) groups.length();
        if (groups.inner() == 1) {
            quantizer.quantizeRows(values, 0, (int) groups.outer(), length, length, band);
        } else {
            int columns = (int) groups.inner();
            quantizer.quantizeColumns(values, 0, length, columns, columns, length, band);
        }
        return band.error().errorSquares();
    }
}
