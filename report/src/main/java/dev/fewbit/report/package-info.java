/**
 * Reports about a quantization: the findings as JSON, and as one self-contained HTML file.
 *
 * <p>Start from {@link dev.fewbit.report.HtmlReport} for people and {@link
 * dev.fewbit.report.JsonReport} for programs. Both take {@link dev.fewbit.core.findings.Findings}
 * and nothing else, and give the same bytes for the same findings.
 */
@NullMarked
package dev.fewbit.report;

import org.jspecify.annotations.NullMarked;
