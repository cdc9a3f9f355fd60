/** libtorch as this module uses it: values in and out, and operators that have no Java method. */
@NullMarked
package dev.fewbit.train.torch;

import org.jspecify.annotations.NullMarked;
