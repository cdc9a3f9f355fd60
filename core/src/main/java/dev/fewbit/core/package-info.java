/** Number formats, packing and quantization kernels on plain arrays. Needs only the JDK. */
@NullMarked
package dev.fewbit.core;

import org.jspecify.annotations.NullMarked;
