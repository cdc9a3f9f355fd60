/**
 * Pictures made into what networks take: decoded, resized, cropped and normalized the way that the
 * training frameworks do it.
 *
 * <p>Start from {@link dev.fewbit.runtime.picture.Preprocessing}; {@link
 * dev.fewbit.runtime.picture.PictureDecoder} reads files.
 */
@NullMarked
package dev.fewbit.runtime.picture;

import org.jspecify.annotations.NullMarked;
