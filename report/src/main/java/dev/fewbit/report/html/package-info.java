/**
 * The page that {@link dev.fewbit.report.HtmlReport} writes: one class for each of its sections.
 *
 * <p>Start from {@link dev.fewbit.report.html.HtmlPage}. Everything that can be read without a
 * script is written here in Java; the style sheets and the scripts that sort, filter and draw are
 * resources beside this package and go into the page as they are.
 */
@NullMarked
package dev.fewbit.report.html;

import org.jspecify.annotations.NullMarked;
