package dev.fewbit.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.report.html.ByteShares.Group;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ByteSharesTest {

    @Test
    void everyByteIsInOnePart() {
        Findings findings =
                findings(
                        1000,
                        500,
                        List.of(
                                weight("MatMul", "int8", 400, 100),
                                weight("Conv", "int4", 200, 30),
                                weight("MatMul", "int4", 200, 30)),
                        List.of(new SkippedWeight("s", "Conv", List.of(10L), 40, "small")));
        assertThat(ByteShares.byOperator(findings).groups())
                .containsExactly(
                        new Group("MatMul", 600, 130),
                        new Group("Conv", 240, 70),
                        new Group(ByteShares.REST, 160, 300));
        assertThat(ByteShares.byFormat(findings).groups())
                .containsExactly(
                        new Group("int4", 400, 60),
                        new Group("int8", 400, 100),
                        new Group("left alone", 40, 40),
                        new Group(ByteShares.REST, 160, 300));
    }

    @Test
    void theSmallestGroupsAreTakenTogether() {
        List<WeightFinding> weights = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            weights.add(weight("Operator" + i, "int8", 100 - i, 10));
        }
        List<Group> groups =
                ByteShares.byOperator(findings(2000, 300, weights, List.of())).groups();
        assertThat(groups).hasSize(9);
        assertThat(groups.get(7)).isEqualTo(new Group("other", 93 + 92 + 91, 30));
        assertThat(groups.stream().mapToLong(Group::before).sum()).isEqualTo(2000);
        assertThat(groups.stream().mapToLong(Group::after).sum()).isEqualTo(300);
    }

    @Test
    void sharedWeightsGiveNoNegativeRest() {
        Findings findings =
                findings(
                        100,
                        50,
                        List.of(weight("A", "int8", 90, 40), weight("B", "int8", 90, 40)),
                        List.of());
        assertThat(ByteShares.byOperator(findings).groups().getLast())
                .isEqualTo(new Group(ByteShares.REST, 0, 0));
    }

    private static Findings findings(
            long before, long after, List<WeightFinding> weights, List<SkippedWeight> skipped) {
        return new Findings(
                "1",
                "r",
                null,
                0,
                new ModelFacts("a", before, before, 1, 1, 8, Map.of()),
                new ModelFacts("b", after, after, 1, 1, 8, Map.of()),
                weights,
                skipped,
                null,
                null);
    }

    private static WeightFinding weight(String operator, String format, long before, long after) {
        return new WeightFinding(
                "t",
                List.of("n"),
                operator,
                List.of(before / 4),
                format,
                "tensor",
                "nearest",
                "e",
                "r",
                8,
                before,
                after,
                -1,
                1,
                30,
                31,
                0.1,
                null);
    }
}
