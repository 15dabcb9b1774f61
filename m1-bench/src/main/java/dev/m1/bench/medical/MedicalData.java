package dev.m1.bench.medical;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/**
 * Questions of a file and what their checks found.
 *
 * @param items in the order of the file
 * @param report what was dropped and what is odd about the rest
 */
public record MedicalData(List<MedicalItem> items, LoadReport report) {
    private static final ObjectReader ELEMENT =
            JsonLines.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public MedicalData {
        items = List.copyOf(items);
    }

    /**
     * Reads m1's format, {@code {source: [{question, options, answer_idx, answer}, …]}}, a list of such items, or, if
     * the name ends in {@code .jsonl} (each with {@code .gz} or without), one item a line. In the latter two an item's
     * {@code source} field names its source, else the file does. Options may be {@code {letter: text}} or a list; which
     * is right may be said by {@code answer_idx}, {@code label} or {@code answer}.
     *
     * @throws DataException if the file as a whole cannot be read; a faulty item is dropped and reported instead
     * @throws IOException if the file cannot be opened
     */
    public static MedicalData load(Path file) throws IOException {
        String name = file.getFileName().toString();
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        int dot = plain.lastIndexOf('.');
        String source = dot > 0 ? plain.substring(0, dot) : plain;
        ItemReader reader = new ItemReader(name);
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
            JsonLines.read(file, (line, object) -> reader.add(object, object.path("source").asText(source)));
        } else {
            readDocument(file, reader, source);
        }
        return reader.result();
    }

    /** Items of each source, in the order of the file. */
    public Map<String, List<MedicalItem>> bySource() {
        return items.stream()
                .collect(Collectors.groupingBy(MedicalItem::source, LinkedHashMap::new, Collectors.toList()));
    }

    /** One item after the other, so that the file may be larger than the memory its text would need. */
    private static void readDocument(Path file, ItemReader reader, String source) throws IOException {
        try (InputStream in = JsonLines.open(file);
                JsonParser json = JsonLines.MAPPER.createParser(in)) {
            if (json.nextToken() == JsonToken.START_ARRAY) {
                readList(json, reader, source);
            } else if (json.currentToken() == JsonToken.START_OBJECT) {
                for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                    if (json.nextToken() != JsonToken.START_ARRAY) {
                        throw at(file, json, "\"" + key + "\" is not a list of questions"
                                + " (a file with one question a line ends in .jsonl)");
                    }
                    readList(json, reader, key);
                }
            } else {
                throw at(file, json, "neither an object of sources nor a list of questions");
            }
            if (json.nextToken() != null) {
                throw at(file, json, "more follows behind the end of the document");
            }
        } catch (JsonProcessingException e) {
            throw new DataException(file + ", line " + e.getLocation().getLineNr() + ": not valid JSON: "
                    + e.getOriginalMessage(), e);
        } catch (EOFException | ZipException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    private static void readList(JsonParser json, ItemReader reader, String source) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            JsonNode item = ELEMENT.readTree(json);
            reader.add(item, item.path("source").asText(source));
        }
    }

    private static DataException at(Path file, JsonParser json, String what) {
        return new DataException(file + ", line " + json.currentLocation().getLineNr() + ": " + what);
    }
}
