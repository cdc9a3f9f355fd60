/** Steps of gradient descent. */
@NullMarked
package dev.fewbit.train.optimize;

import org.jspecify.annotations.NullMarked;
