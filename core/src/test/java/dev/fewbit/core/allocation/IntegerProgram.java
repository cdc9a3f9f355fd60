package dev.fewbit.core.allocation;

import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;
import org.ojalgo.optimisation.integer.IntegerStrategy;
import org.ojalgo.type.context.NumberContext;

import java.util.List;

/** The same problem for the integer programming of ojAlgo: a variable 0 or 1 for each option. */
final class IntegerProgram {

    private IntegerProgram() {}

    static double leastLoss(List<List<Option>> items, Budget budget) {
        // Coefficients near 1, which is what the solver's tolerances are made for.
        double lossUnit = 0;
        for (List<Option> options : items) {
            lossUnit += options.stream().mapToDouble(Option::loss).max().orElseThrow();
        }
        lossUnit /= items.size() * 1000.0;
        ExpressionsBasedModel model = new ExpressionsBasedModel();
        // With several threads the solver now and then stops before the best (a few 1e-4 worse).
        model.options.integer(
                IntegerStrategy.newConfigurable()
                        .withParallelism(() -> 1)
                        .withGapTolerance(NumberContext.of(12, 14)));
        Expression bytes = model.newExpression("bytes").upper(1.0);
        Expression seconds = model.newExpression("seconds").upper(1.0);
        for (int item = 0; item < items.size(); item++) {
            Expression one = model.newExpression("item" + item).level(1);
            for (int k = 0; k < items.get(item).size(); k++) {
                Option option = items.get(item).get(k);
                Variable taken =
                        model.newVariable(item + "/" + k).binary().weight(option.loss() / lossUnit);
                one.set(taken, 1);
                bytes.set(taken, (double) option.bytes() / budget.bytes());
                if (budget.limitsSeconds()) {
                    seconds.set(taken, option.seconds() / budget.seconds());
                }
            }
        }
        Optimisation.Result result = model.minimise();
        if (!result.getState().isOptimal()) {
            throw new AssertionError("the solver ended as " + result.getState());
        }
        // Rounded to a choice, since the solver's variables are within a tolerance of 0 and 1.
        double loss = 0;
        int variable = 0;
        for (List<Option> options : items) {
            for (Option option : options) {
                loss += result.doubleValue(variable++) > 0.5 ? option.loss() : 0;
            }
        }
        return loss;
    }

    static List<List<Option>> withSecondsAsLoss(List<List<Option>> items) {
        return items.stream()
                .map(
                        options ->
                                options.stream()
                                        .map(o -> new Option(o.seconds(), o.bytes(), o.seconds()))
                                        .toList())
                .toList();
    }
}
