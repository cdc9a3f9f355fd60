package dev.fewbit.report;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.Inputs;
import dev.fewbit.core.findings.Comparison.Kernel;
import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Comparison.Performance;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.LayerChoice;
import dev.fewbit.core.findings.LayerChoice.Alternative;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.SearchLimits;
import dev.fewbit.core.findings.SearchPoint;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.core.findings.Verdict;
import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.findings.WeightHistogram;

import java.util.List;
import java.util.Map;

/** Findings in which every text tries to break out of the page and every number is extreme. */
final class Hostile {

    static final String NAME =
            "\"'><script>alert(1)</script><img src=x onerror=alert(2)><!-- </style> & ${x}"
                    + " \u2028\u2029\u202E \u0000\u0007 ]]> \uD83D\uDE00 `http://evil.example/`";

    private Hostile() {}

    static Findings findings() {
        ModelFacts model = new ModelFacts(NAME, 0, 0, 0, 0, 0, Map.of(NAME, 1L));
        Performance performance =
                new Performance(
                        Double.NaN,
                        0,
                        -1,
                        Double.POSITIVE_INFINITY,
                        -1,
                        List.of(new Kernel(NAME, 0, Double.NaN)));
        return new Findings(
                NAME,
                NAME,
                NAME,
                Long.MIN_VALUE,
                model,
                model,
                List.of(
                        weight(List.of(), new WeightHistogram(0, 0, List.of(), List.of())),
                        weight(List.of(0L, 3L), null),
                        weight(
                                List.of(Long.MAX_VALUE, 2L),
                                new WeightHistogram(
                                        -1, 1, List.of(0L, 5L, 0L), List.of(0f, Float.NaN))),
                        weight(
                                List.of(1L),
                                new WeightHistogram(Double.NaN, 1, List.of(1L), List.of()))),
                List.of(new SkippedWeight(NAME, NAME, List.of(), Long.MAX_VALUE, NAME)),
                new Comparison(
                        new Inputs(NAME, 0, true),
                        List.of(
                                new TaskMetric(
                                        NAME,
                                        TaskMetric.Unit.SHARE,
                                        false,
                                        Double.NaN,
                                        Double.NEGATIVE_INFINITY,
                                        Long.MAX_VALUE,
                                        Double.NaN,
                                        Double.POSITIVE_INFINITY)),
                        List.of(
                                new OutputError(
                                        NAME,
                                        Double.NaN,
                                        Double.NaN,
                                        0,
                                        Double.POSITIVE_INFINITY,
                                        Double.NaN),
                                new OutputError("", Double.POSITIVE_INFINITY, 1, 1, 0, 1)),
                        List.of(
                                new LayerError(NAME, NAME, NAME, Double.POSITIVE_INFINITY, 1),
                                new LayerError("", "", "", Double.NEGATIVE_INFINITY, 0),
                                new LayerError(NAME, NAME, NAME, Double.NaN, Double.NaN)),
                        performance,
                        performance,
                        NAME,
                        0,
                        NAME,
                        List.of(NAME)),
                new Verdict(Verdict.Grade.WITH_CARE, NAME, List.of(NAME)),
                List.of(),
                List.of(),
                search());
    }

    private static SearchFindings search() {
        SearchPoint nowhere =
                new SearchPoint(NAME, 0, Double.NaN, Double.NEGATIVE_INFINITY, Double.NaN);
        SearchPoint far = new SearchPoint(NAME, Long.MAX_VALUE, -1, null, -1.0);
        Alternative other = new Alternative(NAME, Long.MIN_VALUE, Double.NaN);
        return new SearchFindings(
                NAME,
                new SearchLimits(Long.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY),
                List.of(nowhere, far),
                List.of(far, nowhere),
                nowhere,
                0,
                List.of(
                        new LayerChoice(NAME, NAME, 0, NAME, 0, Double.NaN, NAME, other, other),
                        new LayerChoice("", "", 1, "", Long.MAX_VALUE, -7, "", null, null)));
    }

    private static WeightFinding weight(List<Long> shape, WeightHistogram histogram) {
        return new WeightFinding(
                NAME,
                List.of(NAME),
                NAME,
                shape,
                NAME,
                NAME,
                NAME,
                NAME,
                NAME,
                0,
                0,
                Long.MAX_VALUE,
                Double.NEGATIVE_INFINITY,
                Double.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                Double.NaN,
                histogram);
    }
}
