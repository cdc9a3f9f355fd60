package dev.fewbit.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentencesTest {

    @Test
    void thereAreAFewHundredDifferentSentencesAndEveryQueryHasAnAnswer() {
        Sentences sentences = Sentences.load();
        assertThat(sentences.texts()).hasSizeGreaterThanOrEqualTo(300).doesNotHaveDuplicates();
        assertThat(sentences.queries()).hasSizeGreaterThanOrEqualTo(100);
        assertThat(sentences.queries())
                .allSatisfy(query -> assertThat(sentences.texts().get(query.answer())).isNotBlank())
                .extracting(Sentences.Query::text)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(sentences.texts());
    }
}
