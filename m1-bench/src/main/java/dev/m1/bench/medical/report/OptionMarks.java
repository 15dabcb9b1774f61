package dev.m1.bench.medical.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Marks where a text names the right option, and where the one that was taken instead. */
final class OptionMarks {
    private static final int SHORTEST = 3; // characters: shorter option texts occur everywhere

    private final Pattern mentions; // null if there is nothing to look for
    private final String rightText;

    OptionMarks(Map<String, String> options, String right, String wrong) {
        List<String> texts = new ArrayList<>();
        rightText = options.getOrDefault(right, "").strip();
        texts.add(rightText);
        if (wrong != null) {
            texts.add(options.getOrDefault(wrong, "").strip());
        }
        String alternatives = texts.stream()
                .filter(text -> text.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed()) // the longer one may hold the shorter
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        mentions = alternatives.isEmpty() ? null : Pattern.compile(alternatives, Pattern.CASE_INSENSITIVE);
    }

    /** Writes a text with its mentions marked. */
    void write(Html html, String text) {
        int from = 0;
        if (mentions != null) {
            Matcher matcher = mentions.matcher(text);
            while (matcher.find()) {
                html.text(text.substring(from, matcher.start()));
                String kind = matcher.group().equalsIgnoreCase(rightText) ? "good" : "bad";
                html.element("mark", matcher.group(), "class", kind);
                from = matcher.end();
            }
        }
        html.text(text.substring(from));
    }
}
