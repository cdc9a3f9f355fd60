package dev.fewbit.runtime.data;

import dev.fewbit.runtime.json.JsonReader;
import dev.fewbit.runtime.json.JsonSyntaxException;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Samples as JSON lines: one object a line, input name to nested numbers. Shapes may differ from
 * line to line. Members that are no inputs are passed over, except {@code label} or {@code labels}.
 * Empty lines do not count.
 */
final class JsonlSamples implements Samples {

    private final Path file;
    private final ModelInputs inputs;
    private final InputFitter fitter;

    /**
     * Checks that the first line can be read.
     *
     * @param file the data
     * @param inputs what the model takes
     */
    JsonlSamples(Path file, ModelInputs inputs) throws IOException {
        this.file = file;
        this.inputs = inputs;
        this.fitter = new InputFitter(inputs);
        if (first(1).isEmpty()) {
            throw new SampleDataException(
                    file.toString(),
                    "there is no sample in the file",
                    "Write one JSON object a line, input name to nested numbers");
        }
    }

    /**
     * Whether the first line is a list of tokens, or an object that names no input of the model but
     * a sentence. What is malformed is not judged here.
     */
    static boolean holdsSentences(Path file, ModelInputs inputs) throws IOException {
        try (TextLines lines = TextLines.open(file)) {
            String line = lines.nextFilled();
            JsonReader json = new JsonReader(new StringReader(line == null ? "" : line));
            if (json.peek() == JsonReader.Token.ARRAY) {
                return true;
            }
            json.beginObject();
            boolean sentence = false;
            while (json.hasNext()) {
                String member = json.name();
                if (inputs.find(member).isPresent()) {
                    return false;
                }
                sentence |= SentenceFields.of(member).orElse(null) == SentenceFields.FIRST;
                json.skipValue();
            }
            return sentence;
        } catch (JsonSyntaxException | SampleDataException malformed) {
            return false;
        }
    }

    @Override
    public String description() {
        return DataFiles.nameOf(file);
    }

    @Override
    public List<String> warnings() {
        return fitter.warnings();
    }

    @Override
    public void close() {}

    @Override
    public void visit(SampleVisitor visitor) throws IOException {
        try (TextLines lines = TextLines.open(file)) {
            String line = lines.nextFilled();
            for (long index = 0; line != null; index++) {
                if (!visitor.visit(parse(index, lines.where(), line))) {
                    return;
                }
                line = lines.nextFilled();
            }
        }
    }

    private Sample parse(long index, String where, String line) throws SampleDataException {
        Map<String, NumberArray> found = new LinkedHashMap<>();
        Optional<NumberArray> label = Optional.empty();
        String member = "";
        try {
            JsonReader json = new JsonReader(new StringReader(line));
            json.beginObject();
            while (json.hasNext()) {
                member = json.name();
                if (inputs.find(member).isPresent()) {
                    found.put(member, JsonNumbers.read(json));
                } else if (isLabel(member, json)) {
                    label = Optional.of(JsonNumbers.read(json));
                } else {
                    json.skipValue();
                }
                member = "";
            }
            json.endObject();
            if (json.peek() != JsonReader.Token.DONE) {
                throw json.error("the line goes on after the object");
            }
        } catch (JsonSyntaxException malformed) {
            throw new SampleDataException(
                    where,
                    (member.isEmpty() ? "" : "in '" + member + "': ") + malformed.getMessage(),
                    "Write one JSON object a line, input name to nested numbers, such as {\""
                            + (inputs.names().isEmpty() ? "input" : inputs.names().getFirst())
                            + "\": [1, 2, 3]}");
        } catch (IOException impossible) {
            throw new IllegalStateException("a string cannot fail to be read", impossible);
        }
        Map<String, NumberArray> fitted = fitter.fit(where, found);
        return new Sample(
                index, fitted, label.map(values -> Label.of(values, ModelInputs.rows(fitted))));
    }

    private static boolean isLabel(String member, JsonReader json) throws IOException {
        if (!member.equals("label") && !member.equals("labels")) {
            return false;
        }
        return switch (json.peek()) {
            case NUMBER, BOOLEAN, ARRAY -> true;
            case OBJECT, STRING, NULL, END, DONE -> false;
        };
    }
}
