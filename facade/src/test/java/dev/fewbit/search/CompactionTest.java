package dev.fewbit.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.compact.Compaction;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.rounding.RoundingData;
import dev.fewbit.rounding.RoundingNet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** A compact model is smaller, computes the same, and is fed and read by the same names. */
class CompactionTest {
    @TempDir Path folder;

    @Test
    void convolutions() throws IOException {
        staysTheSame(RoundingNet.convolutions(folder.resolve("net.onnx")), 1, 8, 10, 10);
    }

    @Test
    void products() throws IOException {
        staysTheSame(RoundingNet.products(folder.resolve("net.onnx")), 1, 6, 64);
    }

    private void staysTheSame(Path original, long... shape) throws IOException {
        Model model = OnnxReader.read(original);
        Set<String> ends = new HashSet<>();
        model.graph().inputs().stream().map(Value::name).forEach(ends::add);
        model.graph().outputs().stream().map(Value::name).forEach(ends::add);
        Compaction.apply(model);
        Set<String> after = new HashSet<>();
        model.graph().inputs().stream().map(Value::name).forEach(after::add);
        model.graph().outputs().stream().map(Value::name).forEach(after::add);
        assertThat(after).isEqualTo(ends);
        assertThat(model.graph().nodes()).allMatch(node -> node.name().isEmpty());
        Path compact = folder.resolve("compact.onnx");
        OnnxWriter.write(model, compact, WriteOptions.defaults());
        assertThat(Files.size(compact)).isLessThan(Files.size(original));
        assertThat(RoundingData.error(compact, original, RoundingData.samples(4, 7, shape), folder))
                .isZero();
    }
}
