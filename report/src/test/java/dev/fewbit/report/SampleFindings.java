package dev.fewbit.report;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.Inputs;
import dev.fewbit.core.findings.Comparison.Kernel;
import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Comparison.Performance;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.core.findings.Verdict;
import dev.fewbit.core.findings.WeightFinding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Findings like those of real models: weights are drawn, quantized and measured, not made up. */
final class SampleFindings {

    private SampleFindings() {}

    /** A transformer of some layers, like MiniLM: an embedding table and six matrices a layer. */
    static Findings transformer(int layers, int bits) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        List<WeightFinding> weights = new ArrayList<>();
        List<SkippedWeight> skipped = new ArrayList<>();
        List<LayerError> errors = new ArrayList<>();
        weights.add(
                SampleWeight.of(
                        "embeddings.word_embeddings.weight",
                        "Gather",
                        List.of(30522L, 384L),
                        bits,
                        random));
        double noise = 42;
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "encoder.layer." + layer + ".";
            for (String part :
                    List.of(
                            "attention.self.query",
                            "attention.self.key",
                            "attention.self.value",
                            "attention.output.dense")) {
                weights.add(
                        SampleWeight.of(
                                prefix + part + ".weight",
                                "MatMul",
                                List.of(384L, 384L),
                                bits,
                                random));
            }
            weights.add(
                    SampleWeight.of(
                            prefix + "intermediate.dense.weight",
                            "MatMul",
                            List.of(384L, 1536L),
                            bits,
                            random));
            weights.add(
                    SampleWeight.of(
                            prefix + "output.dense.weight",
                            "Gemm",
                            List.of(1536L, 384L),
                            bits,
                            random));
            skipped.add(
                    new SkippedWeight(
                            prefix + "output.LayerNorm.weight",
                            "LayerNormalization",
                            List.of(384L),
                            1536,
                            "too small: quantizing its 384 elements would save less than the scales"
                                    + " cost"));
            for (String value :
                    List.of(
                            "query/MatMul",
                            "key/MatMul",
                            "value/MatMul",
                            "Softmax",
                            "output/dense/Add",
                            "intermediate/Gelu",
                            "output/LayerNorm/Add")) {
                noise = Math.max(6, noise + random.nextGaussian(-12.0 / (7 * layers), 1.4));
                errors.add(
                        new LayerError(
                                "/encoder/layer." + layer + "/" + value + "_output_0",
                                "/encoder/layer." + layer + "/" + value,
                                value.endsWith("Add")
                                        ? "Add"
                                        : value.endsWith("MatMul") ? "MatMul" : value,
                                value.equals("Softmax") && layer == 0
                                        ? Double.POSITIVE_INFINITY
                                        : noise,
                                1 - Math.pow(10, -noise / 10) / 2));
            }
        }
        long before = sum(weights, true) + skipped.size() * 1536L + 190_000;
        long after = sum(weights, false) + skipped.size() * 1536L + 240_000;
        return new Findings(
                "0.1.0",
                bits == 8 ? "int8-dynamic" : "int%d-weights".formatted(bits),
                "9f2c51d0a7be44c1",
                42,
                new ModelFacts(
                        "all-minilm-l6-v2.onnx",
                        before,
                        before - 190_000,
                        22_713_216,
                        824,
                        7,
                        Map.of("ai.onnx", 14L)),
                new ModelFacts(
                        "all-minilm-l6-v2-q.onnx",
                        after,
                        after - 240_000,
                        22_713_216,
                        1011,
                        10,
                        Map.of("ai.onnx", 21L, "com.microsoft", 1L)),
                weights,
                skipped,
                comparison(errors, false),
                new Verdict(
                        Verdict.Grade.WORTH_IT,
                        "Worth it: 3.9\u00D7 smaller, 2.6\u00D7 faster, and the outputs hardly"
                                + " moved (cosine 0.9935).",
                        List.of(
                                "The file shrank from 90.9 MB to 23.1 MB.",
                                "One inference takes 4.7 ms instead of 12.2 ms on one thread.",
                                "Over 200 sentences the embeddings keep a mean cosine of 0.9935 to"
                                        + " the float model; the worst has 0.981.")),
                List.of("Calibrated on 12 samples only."),
                List.of(
                        "relative output error 0.0028 on 32 samples, before tuning 0.0356",
                        "bias correction: 0.0356 to 0.0028, kept"),
                null);
    }

    static Comparison comparison(List<LayerError> errors, boolean random) {
        return new Comparison(
                new Inputs(
                        random ? "random tokens, batch 1, length 32" : "sentences.jsonl",
                        200,
                        random),
                random
                        ? List.of()
                        : List.of(
                                new TaskMetric(
                                        "Spearman correlation",
                                        TaskMetric.Unit.NUMBER,
                                        true,
                                        0.8203,
                                        0.8188,
                                        1379,
                                        0.0101,
                                        0.0007),
                                new TaskMetric(
                                        "top-1 accuracy",
                                        TaskMetric.Unit.SHARE,
                                        true,
                                        0.576,
                                        0.572,
                                        500,
                                        0.0221,
                                        Double.NaN)),
                List.of(new OutputError("last_hidden_state", 19.2, 0.9935, 0.981, 0.412, 0.964)),
                errors,
                new Performance(
                        118.4,
                        12.21,
                        12.02,
                        13.4,
                        151_000_000,
                        List.of(
                                new Kernel("MatMul", 36, 0.611),
                                new Kernel("FusedMatMul", 12, 0.142),
                                new Kernel("BiasGelu", 6, 0.101),
                                new Kernel("SkipLayerNormalization", 12, 0.071),
                                new Kernel("Softmax", 6, 0.041),
                                new Kernel("Transpose", 24, 0.021),
                                new Kernel("Gather", 4, 0.013))),
                new Performance(
                        61.0,
                        4.72,
                        4.61,
                        5.9,
                        58_400_000,
                        List.of(
                                new Kernel("DynamicQuantizeMatMul", 36, 0.523),
                                new Kernel("FusedMatMul", 12, 0.211),
                                new Kernel("BiasGelu", 6, 0.121),
                                new Kernel("SkipLayerNormalization", 12, 0.082),
                                new Kernel("Softmax", 6, 0.043),
                                new Kernel("GatherBlockQuantized", 1, 0.02))),
                "1.29.0",
                1,
                "AMD EPYC 9R14 (avx2, avx512, avx512_vnni)",
                random
                        ? List.of("The input token_type_ids is not in the data; zeros were used.")
                        : List.of());
    }

    /** Two files that were only looked at: nothing ran, nothing was quantized by us. */
    static Findings bare() {
        return new Findings(
                "0.1.0",
                null,
                null,
                0,
                new ModelFacts("a.onnx", 1000, 400, 100, 3, 8, Map.of("ai.onnx", 17L)),
                new ModelFacts("b.onnx", 1000, 400, 100, 3, 8, Map.of("ai.onnx", 17L)),
                List.of(),
                List.of(),
                null,
                null);
    }

    private static long sum(List<WeightFinding> weights, boolean before) {
        return weights.stream().mapToLong(w -> before ? w.floatBytes() : w.quantizedBytes()).sum();
    }
}
