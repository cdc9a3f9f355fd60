package dev.fewbit.core.allocation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * The neighbours of a choice within a budget, by their predicted loss: one item takes another
 * option, or one saves and another spends. Where predicted losses do not add up, measuring a few of
 * them repairs a choice.
 *
 * <p>Saving and spending is in bytes, or in seconds if only those are limited. Both limits hold for
 * all neighbours. Of the pairs, only as many are formed as are asked for, and one for each option
 * that saves: for n options in all that is O(n) memory, and at most O(n^2) tests of the budget.
 * Equal losses come in the order of items and options, single changes first.
 */
public final class Swaps implements Iterable<Swap> {

    private final List<List<Option>> items;
    private final Choice from;
    private final Budget budget;
    private final long bytes;
    private final long ticks;
    private final List<Move> all = new ArrayList<>();
    private final List<Move> spending = new ArrayList<>();
    private final List<Move> saving = new ArrayList<>();

    private Swaps(List<List<Option>> items, Choice from, Budget budget) {
        this.items = items.stream().map(List::copyOf).toList();
        this.from = from;
        this.budget = budget;
        this.bytes = from.bytes();
        this.ticks = Ticks.of(from.seconds());
        boolean bySeconds = budget.limitsSeconds() && !budget.limitsBytes();
        for (int item = 0; item < items.size(); item++) {
            Option now = items.get(item).get(from.options().get(item));
            for (int k = 0; k < items.get(item).size(); k++) {
                if (k != from.options().get(item)) {
                    Move move = Move.of(item, k, now, items.get(item).get(k));
                    long amount = bySeconds ? move.ticks : move.bytes;
                    all.add(move);
                    if (amount > 0) {
                        spending.add(move);
                    } else if (amount < 0) {
                        saving.add(move);
                    }
                }
            }
        }
        // Stable: equal ones stay in the order of items and options.
        all.sort(Comparator.comparingDouble(Move::loss));
        spending.sort(Comparator.comparingDouble(Move::loss));
        saving.sort(Comparator.comparingDouble(Move::loss));
    }

    /**
     * The neighbours of a choice.
     *
     * @param items the options of each item
     * @param from the choice, which need not be within the budget itself
     */
    public static Swaps of(List<List<Option>> items, Choice from, Budget budget) {
        return new Swaps(items, Choice.of(items, from.options()), budget);
    }

    /** From the neighbour of the least predicted loss on; each call starts anew. */
    @Override
    public Iterator<Swap> iterator() {
        return new Ordered();
    }

    private boolean allows(long moreBytes, long moreTicks) {
        return bytes + moreBytes <= budget.bytes()
                && ticks + moreTicks <= Ticks.within(budget.seconds());
    }

    private Swap swap(Partners pair) {
        List<Change> changes = new ArrayList<>();
        Move saver = pair.saver;
        if (saver != null) {
            changes.add(change(saver));
        }
        changes.add(change(pair.partner()));
        List<Integer> options = new ArrayList<>(from.options());
        for (Change change : changes) {
            options.set(change.item(), change.to());
        }
        return new Swap(changes, Choice.of(items, options), pair.loss());
    }

    private Change change(Move move) {
        return new Change(move.item, from.options().get(move.item), move.option);
    }

    /** What it takes more, or less where negative, to give an item another option. */
    private record Move(int item, int option, double loss, long bytes, long ticks) {

        static Move of(int item, int option, Option now, Option then) {
            return new Move(
                    item,
                    option,
                    then.loss() - now.loss(),
                    then.bytes() - now.bytes(),
                    Ticks.of(then.seconds()) - Ticks.of(now.seconds()));
        }
    }

    /** The moves that a saving one makes possible within the budget, or those possible alone. */
    private final class Partners {
        private final @Nullable Move saver;
        private final List<Move> candidates;
        private int next = -1;

        Partners(@Nullable Move saver, List<Move> candidates) {
            this.saver = saver;
            this.candidates = candidates;
        }

        /** Goes to the next; false after the last. */
        boolean advance() {
            while (++next < candidates.size()) {
                Move move = candidates.get(next);
                boolean fits =
                        saver == null
                                ? allows(move.bytes, move.ticks)
                                : move.item != saver.item
                                        && allows(
                                                saver.bytes + move.bytes, saver.ticks + move.ticks);
                if (fits) {
                    return true;
                }
            }
            return false;
        }

        Move partner() {
            return candidates.get(next);
        }

        double loss() {
            return (saver == null ? 0 : saver.loss) + partner().loss;
        }
    }

    /** Takes the least of the first ones of all partners, again and again. */
    private final class Ordered implements Iterator<Swap> {
        private final PriorityQueue<Partners> heads =
                new PriorityQueue<>(
                        Comparator.comparingDouble(Partners::loss)
                                .thenComparingInt(pair -> item(pair.saver))
                                .thenComparingInt(pair -> option(pair.saver)));

        Ordered() {
            queue(new Partners(null, all));
            saving.forEach(saver -> queue(new Partners(saver, spending)));
        }

        private void queue(Partners pair) {
            if (pair.advance()) {
                heads.add(pair);
            }
        }

        private static int item(@Nullable Move move) {
            return move == null ? -1 : move.item;
        }

        private static int option(@Nullable Move move) {
            return move == null ? -1 : move.option;
        }

        @Override
        public boolean hasNext() {
            return !heads.isEmpty();
        }

        @Override
        public Swap next() {
            if (heads.isEmpty()) {
                throw new NoSuchElementException("there are no more neighbours");
            }
            Partners pair = heads.remove();
            Swap swap = swap(pair);
            queue(pair);
            return swap;
        }
    }
}
