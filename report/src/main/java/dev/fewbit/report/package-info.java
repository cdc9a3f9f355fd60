/** Reports about a quantization, as JSON and as text. */
@NullMarked
package dev.fewbit.report;

import org.jspecify.annotations.NullMarked;
