package dev.fewbit.core.quantize;

import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.format.CodebookSharing.ChannelGroups;
import dev.fewbit.core.format.CodebookSharing.OneTable;
import dev.fewbit.core.level.LevelTable;

import java.util.List;

/**
 * The tables of a tensor, all of one size, each for some consecutive channels.
 *
 * @param tables one after another, at least 1
 * @param channels channels that share a table; the last table may have fewer
 */
public record LevelTables(List<LevelTable> tables, int channels) {

    /** Copies the list and checks that sizes agree. */
    public LevelTables {
        tables = List.copyOf(tables);
        if (tables.isEmpty() || channels < 1) {
            throw new IllegalArgumentException(
                    "at least one table, for at least one channel, is needed; got %d for %d"
                            .formatted(tables.size(), channels));
        }
        for (LevelTable table : tables) {
            if (table.size() != tables.getFirst().size()) {
                throw new IllegalArgumentException(
                        "the tables of a tensor have one size, got %d and %d"
                                .formatted(tables.getFirst().size(), table.size()));
            }
        }
    }

    /** One table for all channels. */
    public static LevelTables of(LevelTable table) {
        return new LevelTables(List.of(table), Integer.MAX_VALUE);
    }

    /** Those of a tensor, in the order of its channels. */
    static LevelTables of(List<LevelTable> tables, CodebookSharing sharing) {
        return switch (sharing) {
            case OneTable() -> of(tables.getFirst());
            case ChannelGroups(int axis, int channels) -> new LevelTables(tables, channels);
        };
    }

    /** Number of levels of each. */
    public int size() {
        return tables.getFirst().size();
    }

    /** The table of a channel. */
    public LevelTable of(int channel) {
        return tables.get(channel / channels);
    }
}
