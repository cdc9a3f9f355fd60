/** Small programs that show the library in use. Never shipped. */
@NullMarked
package dev.fewbit.examples;

import org.jspecify.annotations.NullMarked;
