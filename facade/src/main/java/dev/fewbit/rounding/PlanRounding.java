package dev.fewbit.rounding;

import dev.fewbit.FewbitException;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.data.DataOptions;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.files.TemporaryFolder;
import dev.fewbit.tuning.KeptSamples;
import dev.fewbit.tuning.PreparedModel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Carries out all the rounding that a plan asks for. */
public final class PlanRounding {
    private PlanRounding() {}

    /**
     * Rounds.
     *
     * @param source the float model; only read
     * @param plan what is to be done to it
     * @throws FewbitException if the plan rounds by data and there is none
     */
    public static RoundedPlan run(Path source, Plan plan, RoundingOptions options)
            throws IOException, InterruptedException {
        List<WeightPlan> special =
                plan.weights().stream()
                        .filter(weight -> weight.rounding() != Rounding.NEAREST)
                        .toList();
        if (special.isEmpty()) {
            return RoundedPlan.nearest(plan);
        }
        Optional<WeightPlan> needy =
                special.stream().filter(weight -> weight.rounding().needsData()).findFirst();
        if (needy.isPresent() && options.data().isEmpty()) {
            throw new FewbitException(
                    "the plan rounds tensor '%s' by %s, which needs samples: give data, or plan nearest or hqq"
                            .formatted(needy.get().tensor(), needy.get().rounding()));
        }
        try (TemporaryFolder folder = TemporaryFolder.create("fewbit-rounding")) {
            PreparedModel prepared =
                    PreparedModel.of(source, plan.graph().preparation(), folder, options.threads());
            RoundedPlan robust = RobustRounding.run(prepared, plan, options.threads());
            if (needy.isEmpty()) {
                return robust;
            }
            try (Samples samples = open(source, plan, options)) {
                List<Sample> kept = KeptSamples.of(samples, options.samples()).list();
                boolean scales =
                        special.stream().anyMatch(weight -> weight.rounding() == Rounding.AWQ);
                RoundedPlan scaled =
                        scales
                                ? AwqScaling.run(
                                        prepared,
                                        robust,
                                        kept,
                                        options.threads(),
                                        options.progress())
                                : robust;
                return SequentialRounding.run(
                        prepared, scaled, kept, options.threads(), options.progress());
            }
        }
    }

    private static Samples open(Path source, Plan plan, RoundingOptions options)
            throws IOException {
        return ComparisonSamples.open(
                source,
                options.data(),
                DataOptions.defaults().beside(source).withTokenizer(options.tokenizer()),
                plan.seed(),
                options.samples());
    }
}
