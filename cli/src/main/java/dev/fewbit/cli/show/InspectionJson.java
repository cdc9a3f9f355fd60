package dev.fewbit.cli.show;

import dev.fewbit.Inspection;
import dev.fewbit.core.findings.ModelFacts;

import java.util.TreeMap;

/**
 * What is in a model as a JSON document.
 *
 * <pre>{@code
 * schema     1
 * facts      {file, fileBytes, weightBytes, parameters, nodes, irVersion, opsets: {domain: version}}
 * inputs     [{name, type, shape}], outputs likewise
 * weights    [{tensor, nodes: [text], operator, shape: [integer], elements, bytes, minimum, maximum,
 *              standardDeviation, encodings}]             what can be quantized
 * others     [{tensor, operator, shape: [integer], bytes, reason}]    what cannot
 * operators  [{operator, count}]
 * }</pre>
 */
public final class InspectionJson {

    private InspectionJson() {}

    /** The document. */
    public static String write(Inspection inspection) {
        JsonWriter json = new JsonWriter().object().field("schema", 1);
        facts(json, inspection.facts());
        json.objects("inputs", inspection.inputs(), InspectionJson::value)
                .objects("outputs", inspection.outputs(), InspectionJson::value)
                .objects("weights", inspection.weights(), InspectionJson::weight)
                .objects("others", inspection.others(), PlanJson::skipped)
                .objects(
                        "operators",
                        inspection.operators(),
                        (object, operator) ->
                                object.field("operator", operator.operator())
                                        .field("count", operator.count()));
        return json.endObject().toString();
    }

    private static void facts(JsonWriter json, ModelFacts facts) {
        json.object("facts")
                .field("file", facts.file())
                .field("fileBytes", facts.fileBytes())
                .field("weightBytes", facts.weightBytes())
                .field("parameters", facts.parameters())
                .field("nodes", facts.nodes())
                .field("irVersion", facts.irVersion())
                .object("opsets");
        new TreeMap<>(facts.opsets()).forEach(json::field);
        json.endObject().endObject();
    }

    private static void value(JsonWriter json, Inspection.Port value) {
        json.field("name", value.name()).field("type", value.type()).field("shape", value.shape());
    }

    private static void weight(JsonWriter json, Inspection.InspectedWeight weight) {
        json.field("tensor", weight.tensor())
                .field("nodes", weight.nodes())
                .field("operator", weight.operator())
                .field("shape", weight.shape())
                .field("elements", weight.elements())
                .field("bytes", weight.bytes())
                .field("minimum", weight.minimum())
                .field("maximum", weight.maximum())
                .field("standardDeviation", weight.standardDeviation())
                .field("encodings", weight.encodings());
    }
}
