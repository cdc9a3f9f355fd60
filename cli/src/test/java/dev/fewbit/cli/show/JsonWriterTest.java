package dev.fewbit.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.util.List;

class JsonWriterTest {

    @Test
    void aJsonLibraryReadsWhatIsWritten() throws Exception {
        String hostile =
                "quote \" back \\ new\nline \u0000 \u001f \ud83d\ude00 lone \ud800 end \u2028";
        String document =
                new JsonWriter()
                        .object()
                        .field("text", hostile)
                        .field(hostile, "as a name")
                        .field("nothing", (String) null)
                        .field("long", Long.MIN_VALUE)
                        .field("double", 1e-300)
                        .field("infinite", Double.POSITIVE_INFINITY)
                        .field("nan", Double.NaN)
                        .field("float", 0.1f)
                        .field("truth", true)
                        .field("numbers", List.of(1L, 2L))
                        .field("texts", List.of("a", "b"))
                        .array("empty")
                        .endArray()
                        .object("inner")
                        .endObject()
                        .objects(
                                "rows", List.of("x", "y"), (json, item) -> json.field("name", item))
                        .endObject()
                        .toString();
        JsonNode read = new ObjectMapper().readTree(document);
        String whole = hostile.replace('\ud800', '\ufffd');
        assertThat(read.get("text").asText()).isEqualTo(whole);
        assertThat(read.get(whole).asText()).isEqualTo("as a name");
        assertThat(read.get("nothing").isNull()).isTrue();
        assertThat(read.get("long").asLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(read.get("double").asDouble()).isEqualTo(1e-300);
        assertThat(read.get("infinite").asText()).isEqualTo("Infinity");
        assertThat(read.get("nan").asText()).isEqualTo("NaN");
        assertThat(read.get("float").asText()).isEqualTo("0.1");
        assertThat(read.get("truth").asBoolean()).isTrue();
        assertThat(read.get("numbers").get(1).asLong()).isEqualTo(2);
        assertThat(read.get("texts").get(1).asText()).isEqualTo("b");
        assertThat(read.get("empty")).isEmpty();
        assertThat(read.get("inner")).isEmpty();
        assertThat(read.get("rows").get(1).get("name").asText()).isEqualTo("y");
    }

    @Test
    void itIsIndented() {
        assertThat(
                        new JsonWriter()
                                .object()
                                .array("a")
                                .object()
                                .field("b", 1)
                                .endObject()
                                .endArray()
                                .endObject())
                .hasToString("{\n  \"a\": [\n    {\n      \"b\": 1\n    }\n  ]\n}");
    }
}
