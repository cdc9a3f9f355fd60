package dev.fewbit.runtime.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;

class JsonReaderTest {

    /** Gives one character at a time, so that every place is a border of the buffer. */
    private static JsonReader slowly(String text) {
        StringReader source = new StringReader(text);
        return new JsonReader(
                new Reader() {
                    @Override
                    public int read(char[] buffer, int from, int length) throws IOException {
                        return source.read(buffer, from, Math.min(length, 1));
                    }

                    @Override
                    public void close() {}
                });
    }

    @Test
    void walksEverything() throws IOException {
        String text =
                " { \"a\\u0041\\n\" : [ 1 , -2.5e+3 , true , false , null , { } , [ ] ] ,"
                        + " \"b\" : \"x\" } ";
        JsonReader json = slowly(text);
        json.beginObject();
        assertThat(json.hasNext()).isTrue();
        assertThat(json.name()).isEqualTo("aA\n");
        json.beginArray();
        assertThat(json.hasNext()).isTrue();
        assertThat(json.number()).isEqualTo("1");
        assertThat(json.hasNext()).isTrue();
        assertThat(json.number()).isEqualTo("-2.5e+3");
        assertThat(json.hasNext()).isTrue();
        assertThat(json.booleanValue()).isTrue();
        assertThat(json.hasNext()).isTrue();
        assertThat(json.booleanValue()).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(json.hasNext()).isTrue();
            json.skipValue();
        }
        assertThat(json.hasNext()).isFalse();
        json.endArray();
        assertThat(json.hasNext()).isTrue();
        assertThat(json.name()).isEqualTo("b");
        assertThat(json.string()).isEqualTo("x");
        assertThat(json.hasNext()).isFalse();
        json.endObject();
        assertThat(json.peek()).isEqualTo(JsonReader.Token.DONE);
    }

    @Test
    void skipsTextThatIsLargerThanItsBuffer() throws IOException {
        String text = "[" + ("{\"k\": [1, 2, \"" + "x".repeat(1000) + "\"]}, ").repeat(100) + "7]";
        JsonReader json = new JsonReader(new StringReader(text));
        json.beginArray();
        for (int i = 0; i < 100; i++) {
            assertThat(json.hasNext()).isTrue();
            json.skipValue();
        }
        assertThat(json.hasNext()).isTrue();
        assertThat(json.number()).isEqualTo("7");
    }

    @Test
    void namesThePlaceOfAnError() {
        assertThatThrownBy(() -> slowly("[1, ?]").skipValue())
                .isInstanceOf(JsonSyntaxException.class)
                .hasMessageContaining("'?'")
                .hasMessageContaining("character 5");
    }

    @Test
    void everyTruncationIsRefused() {
        String text = "{\"a\": [1, true, null, \"\\u00e9\"], \"b\": {\"c\": -1}}";
        for (int length = 0; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThatThrownBy(() -> slowly(cut).skipValue())
                    .as(cut)
                    .isInstanceOf(JsonSyntaxException.class);
        }
    }
}
