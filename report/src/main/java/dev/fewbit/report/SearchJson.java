package dev.fewbit.report;

import com.fasterxml.jackson.core.JsonGenerator;

import dev.fewbit.core.findings.LayerChoice;
import dev.fewbit.core.findings.LayerChoice.Alternative;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.SearchPoint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/** The part of the document of {@link JsonReport} that says what a search found. */
final class SearchJson {

    private final JsonGenerator json;

    SearchJson(JsonGenerator json) {
        this.json = json;
    }

    void write(@Nullable SearchFindings search) throws IOException {
        if (search == null) {
            json.writeNullField("search");
            return;
        }
        json.writeObjectFieldStart("search");
        json.writeStringField("loss", search.loss());
        json.writeObjectFieldStart("limits");
        Long most = search.limits().bytes();
        if (most == null) {
            json.writeNullField("bytes");
        } else {
            json.writeNumberField("bytes", most);
        }
        number("loss", search.limits().loss());
        number("seconds", search.limits().seconds());
        json.writeEndObject();
        points("front", search.front());
        points("fixed", search.fixed());
        json.writeFieldName("chosen");
        point(search.chosen());
        json.writeNumberField("floatBytes", search.floatBytes());
        json.writeArrayFieldStart("layers");
        for (LayerChoice layer : search.layers()) {
            layer(layer);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void points(String field, List<SearchPoint> points) throws IOException {
        json.writeArrayFieldStart(field);
        for (SearchPoint point : points) {
            point(point);
        }
        json.writeEndArray();
    }

    private void point(SearchPoint point) throws IOException {
        json.writeStartObject();
        json.writeStringField("label", point.label());
        json.writeNumberField("bytes", point.bytes());
        json.writeNumberField("predictedLoss", point.predictedLoss());
        number("measuredLoss", point.measuredLoss());
        number("seconds", point.seconds());
        json.writeEndObject();
    }

    private void layer(LayerChoice layer) throws IOException {
        json.writeStartObject();
        json.writeStringField("tensor", layer.tensor());
        json.writeStringField("layer", layer.layer());
        json.writeNumberField("weights", layer.weights());
        json.writeStringField("choice", layer.choice());
        json.writeNumberField("bytes", layer.bytes());
        json.writeNumberField("lossShare", layer.lossShare());
        json.writeStringField("reason", layer.reason());
        alternative("smaller", layer.smaller());
        alternative("larger", layer.larger());
        json.writeEndObject();
    }

    private void alternative(String field, @Nullable Alternative alternative) throws IOException {
        if (alternative == null) {
            json.writeNullField(field);
            return;
        }
        json.writeObjectFieldStart(field);
        json.writeStringField("choice", alternative.choice());
        json.writeNumberField("bytesDifference", alternative.bytesDifference());
        json.writeNumberField("lossDifference", alternative.lossDifference());
        json.writeEndObject();
    }

    private void number(String field, @Nullable Double value) throws IOException {
        if (value == null) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, value);
        }
    }
}
