package dev.fewbit.core.allocation;

import java.util.List;

/**
 * A choice that differs from another in one item or in two.
 *
 * @param changes what is changed; of two the first saves and the second spends
 * @param choice what comes of it
 * @param lossDifference the loss of what comes of it, less the loss before; negative where it is
 *     predicted to be better
 */
public record Swap(List<Change> changes, Choice choice, double lossDifference) {

    /** Copies the changes. */
    public Swap {
        changes = List.copyOf(changes);
        if (changes.isEmpty() || changes.size() > 2) {
            throw new IllegalArgumentException("a swap has 1 or 2 changes, got " + changes);
        }
    }
}
