/**
 * Text made into token ids by the tokenizer that a model was trained with.
 *
 * <p>Start from {@link dev.fewbit.runtime.text.SentenceTokenizer}. The only package that uses
 * {@code ai.djl.huggingface:tokenizers}, a dependency that applications add themselves if they need
 * it.
 */
@NullMarked
package dev.fewbit.runtime.text;

import org.jspecify.annotations.NullMarked;
