package dev.fewbit.cli;

import java.util.List;
import java.util.Optional;

/** What somebody may have meant who typed a word that there is not. */
public final class Nearest {

    private Nearest() {}

    /**
     * The known word with the fewest insertions, deletions, replacements and swaps of neighbours
     * from the given one, if those are few and not half of the word; the first of equals. A word
     * that the given one begins, as {@code --rec} does {@code --recipe}, counts as near.
     */
    public static Optional<String> to(String given, List<String> known) {
        String best = null;
        int fewest = Math.max(2, given.length() / 3) + 1;
        for (String word : known) {
            int edits = given.length() >= 3 && word.startsWith(given) ? 1 : distance(given, word);
            if (edits < fewest && 2 * edits < Math.max(given.length(), word.length())) {
                fewest = edits;
                best = word;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Optimal string alignment distance (Damerau 1964), by the usual three rows. */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
