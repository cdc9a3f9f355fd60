/**
 * Quantizes tensors: whole ones in memory, or band by band when they do not fit.
 *
 * <p>Start from {@link dev.fewbit.core.quantize.AffineQuantizer} for an array in memory. A caller
 * that streams weights uses {@link dev.fewbit.core.quantize.GroupGeometry} to see where groups lie,
 * {@link dev.fewbit.core.quantize.BandQuantizer} for bands of whole groups, and {@link
 * dev.fewbit.core.quantize.RangeSearch} for groups larger than a band.
 *
 * <p>For levels that are not evenly spaced the same roles are those of {@link
 * dev.fewbit.core.quantize.LevelQuantizer}, {@link dev.fewbit.core.quantize.LevelBandQuantizer} and
 * {@link dev.fewbit.core.quantize.LevelSearch}; {@link dev.fewbit.core.quantize.CodebookSearch}
 * learns the tables of a whole tensor.
 */
@NullMarked
package dev.fewbit.core.quantize;

import org.jspecify.annotations.NullMarked;
