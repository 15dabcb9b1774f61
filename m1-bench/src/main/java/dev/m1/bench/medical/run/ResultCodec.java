package dev.m1.bench.medical.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.JsonLines;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A question's result as one line of JSON. The thinking at a small budget is the beginning of the thinking at a larger
 * one, so texts are kept once, as {@code traces}; an outcome names its trace and how many code points of it are its
 * own.
 */
final class ResultCodec {
    private ResultCodec() {}

    static ObjectNode write(QuestionResult result) {
        MedicalItem item = result.item();
        ObjectNode line = JsonLines.MAPPER.createObjectNode();
        line.put("id", item.id()).put("source", item.source()).put("index", item.index());
        line.put("question", item.question());
        ObjectNode options = line.putObject("options");
        item.options().forEach(options::put);
        line.put("answer_idx", item.answerIdx()).put("answer", item.answer());
        if (result.failure() != null) {
            return line.put("error", result.failure());
        }
        line.put("promptTokens", result.promptTokens())
                .put("fedTokens", result.fedTokens())
                .put("separateTokens", result.separateTokens())
                .put("seconds", result.seconds());
        List<String> traces = traces(result);
        ArrayNode texts = line.putArray("traces");
        traces.forEach(texts::add);
        Map<CellOutcome, List<Cell>> byOutcome = new LinkedHashMap<>();
        result.cells().forEach((cell, o) -> byOutcome.computeIfAbsent(o, k -> new ArrayList<>()).add(cell));
        ArrayNode outcomes = line.putArray("outcomes");
        byOutcome.forEach((outcome, cells) -> outcomes.add(write(outcome, cells, traces)));
        return line;
    }

    /** The texts that are not the beginning of another. */
    private static List<String> traces(QuestionResult result) {
        List<String> traces = new ArrayList<>();
        result.cells().values().stream()
                .map(CellOutcome::thinking)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .filter(text -> traces.stream().noneMatch(trace -> trace.startsWith(text)))
                .forEach(traces::add);
        return traces;
    }

    private static ObjectNode write(CellOutcome outcome, List<Cell> cells, List<String> traces) {
        ObjectNode node = JsonLines.MAPPER.createObjectNode();
        ArrayNode of = node.putArray("cells");
        cells.forEach(cell -> of.addArray().add(cell.budget()).add(cell.waits()));
        String thinking = outcome.thinking();
        int trace = 0;
        while (!traces.get(trace).startsWith(thinking)) {
            trace++;
        }
        return node.put("trace", trace)
                .put("length", thinking.codePointCount(0, thinking.length()))
                .put("thinkingTokens", outcome.thinkingTokens())
                .put("injectedTokens", outcome.injectedTokens())
                .put("thinkingEnd", outcome.thinkingEnd().name().toLowerCase(Locale.ROOT))
                .put("waits", outcome.waits())
                .put("prefix", outcome.answerPrefix())
                .put("answer", outcome.answer())
                .put("answerTokens", outcome.answerTokens())
                .put("answerEnd", outcome.answerEnd().wireName());
    }

    /**
     * @throws IllegalArgumentException naming what is missing or of the wrong kind
     */
    static QuestionResult read(JsonNode line) {
        Map<String, String> options = new LinkedHashMap<>();
        field(line, "options").properties().forEach(option -> options.put(option.getKey(), option.getValue().asText()));
        MedicalItem item = new MedicalItem(
                text(line, "source"),
                whole(line, "index"),
                text(line, "question"),
                options,
                text(line, "answer_idx"),
                text(line, "answer"));
        if (line.hasNonNull("error")) {
            return QuestionResult.failed(item, text(line, "error"));
        }
        List<String> traces = new ArrayList<>();
        field(line, "traces").forEach(trace -> traces.add(trace.asText()));
        Map<Cell, CellOutcome> cells = new LinkedHashMap<>();
        for (JsonNode node : field(line, "outcomes")) {
            CellOutcome outcome = outcome(node, traces);
            for (JsonNode cell : field(node, "cells")) {
                cells.put(new Cell(cell.path(0).asInt(), cell.path(1).asInt()), outcome);
            }
        }
        return new QuestionResult(
                item,
                cells,
                whole(line, "promptTokens"),
                field(line, "fedTokens").asLong(),
                field(line, "separateTokens").asLong(),
                field(line, "seconds").asDouble(),
                null);
    }

    private static CellOutcome outcome(JsonNode node, List<String> traces) {
        int trace = whole(node, "trace");
        if (trace < 0 || trace >= traces.size()) {
            throw new IllegalArgumentException("trace " + trace + " of " + traces.size());
        }
        String text = traces.get(trace);
        int length = whole(node, "length");
        int points = text.codePointCount(0, text.length());
        if (length < 0 || length > points) {
            throw new IllegalArgumentException("length " + length + " of a trace of " + points + " code points");
        }
        return new CellOutcome(
                text.substring(0, text.offsetByCodePoints(0, length)),
                ThinkingEnd.valueOf(text(node, "thinkingEnd").toUpperCase(Locale.ROOT)),
                whole(node, "waits"),
                whole(node, "thinkingTokens"),
                whole(node, "injectedTokens"),
                text(node, "prefix"),
                text(node, "answer"),
                FinishReason.valueOf(text(node, "answerEnd").toUpperCase(Locale.ROOT)),
                whole(node, "answerTokens"));
    }

    private static JsonNode field(JsonNode node, String name) {
        JsonNode field = node.get(name);
        if (field == null) {
            throw new IllegalArgumentException("field \"" + name + "\" is missing");
        }
        return field;
    }

    private static String text(JsonNode node, String name) {
        JsonNode field = field(node, name);
        if (!field.isTextual()) {
            throw new IllegalArgumentException("field \"" + name + "\" is not a string");
        }
        return field.textValue();
    }

    private static int whole(JsonNode node, String name) {
        JsonNode field = field(node, name);
        if (!field.isInt()) {
            throw new IllegalArgumentException("field \"" + name + "\" is not a whole number");
        }
        return field.intValue();
    }
}
