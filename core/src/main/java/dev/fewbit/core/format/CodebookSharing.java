package dev.fewbit.core.format;

/** Which elements of a tensor take their values from the same table. */
public sealed interface CodebookSharing {

    /** For people, for example {@code 64 channels of axis 0}. */
    String label();

    /** One table for the tensor. */
    record OneTable() implements CodebookSharing {
        @Override
        public String label() {
            return "tensor";
        }
    }

    /**
     * One table for so many consecutive channels; the last group may have fewer.
     *
     * @param axis axis of the channels, counted from 0
     * @param channels channels of a group, at least 1
     */
    record ChannelGroups(int axis, int channels) implements CodebookSharing {
        /** Checks axis and number. */
        public ChannelGroups {
            if (axis < 0 || channels < 1) {
                throw new IllegalArgumentException(
                        ("channels lie on an axis counted from 0 and a group has at least one, got"
                                        + " axis %d and %d channels")
                                .formatted(axis, channels));
            }
        }

        @Override
        public String label() {
            return channels + " channels of axis " + axis;
        }
    }

    /** Codes take this many times the bits of the tables, at least, in {@link #bySize}. */
    int CODES_OVER_TABLES = 64;

    /**
     * As many tables as cost at most 1/64 of what the codes cost, which at 4 bits is 0.06 bits a
     * weight, worth 0.4 dB. So a tensor of less than two tables' worth has one: 16384 weights at 4
     * bits with float entries.
     *
     * @param shape dimensions of the tensor
     * @param axis axis of its output channels
     */
    static CodebookSharing bySize(long[] shape, int axis, Codebook format) {
        long elements = 1;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        long channels = shape[axis];
        if (elements == 0 || channels == 0) {
            return new OneTable();
        }
        double weightsPerTable = (double) CODES_OVER_TABLES * format.tableBits() / format.bits();
        double channelsPerTable = Math.ceil(weightsPerTable / ((double) elements / channels));
        return channelsPerTable * 2 > channels
                ? new OneTable()
                : new ChannelGroups(axis, (int) channelsPerTable);
    }
}
