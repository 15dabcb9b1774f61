package dev.m1.bench.medical;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns objects of a file into checked items and keeps the account of what was wrong. */
final class ItemReader {
    private static final int EXAMPLES = 5; // for each problem

    private final String file;
    private final List<MedicalItem> items = new ArrayList<>();
    private final Map<String, Integer> nextIndex = new LinkedHashMap<>();
    private final Set<List<Object>> seen = new HashSet<>();
    private final Map<ItemProblem, Integer> counts = new EnumMap<>(ItemProblem.class);
    private final List<String> examples = new ArrayList<>();
    private int read;

    ItemReader(String file) {
        this.file = file;
    }

    void add(JsonNode object, String named) {
        String source = Utf16.wellFormed(named); // it becomes a key, in files that must be read back
        int index = nextIndex.merge(source, 1, Integer::sum) - 1;
        read++;
        try {
            MedicalItem item = item(object, source, index);
            items.add(item);
            for (ItemProblem problem : peculiarities(item)) {
                note(problem, source, index, null);
            }
        } catch (Refusal refusal) {
            note(refusal.problem, source, index, refusal.getMessage());
        } catch (IllegalArgumentException e) {
            note(ItemProblem.MALFORMED, source, index, e.getMessage());
        }
    }

    MedicalData result() {
        return new MedicalData(items, new LoadReport(read, items.size(), counts, examples));
    }

    private void note(ItemProblem problem, String source, int index, String detail) {
        if (counts.merge(problem, 1, Integer::sum) <= EXAMPLES) {
            String what = detail == null ? problem.description() : detail;
            examples.add(file + ", " + source + "[" + index + "]: " + what + (problem.drops() ? "; dropped" : ""));
        }
    }

    private static MedicalItem item(JsonNode object, String source, int index) throws Refusal {
        String question = ItemFields.text(object, "question");
        if (question == null || question.isBlank()) {
            throw new Refusal(ItemProblem.NO_QUESTION, "no question");
        }
        Map<String, String> options = ItemFields.options(object);
        if (options.size() < 2) {
            throw new Refusal(ItemProblem.TOO_FEW_OPTIONS, "options " + options.keySet());
        }
        for (String letter : options.keySet()) {
            if (letter.length() != 1 || letter.charAt(0) < 'A' || letter.charAt(0) > 'Z') {
                throw new Refusal(ItemProblem.NO_LETTER, "option key \"" + letter + "\"");
            }
        }
        String letter = RightOption.letter(object, options);
        return new MedicalItem(source, index, question, options, letter, options.get(letter));
    }

    private Set<ItemProblem> peculiarities(MedicalItem item) {
        Map<String, String> options = item.options();
        Set<ItemProblem> found = EnumSet.noneOf(ItemProblem.class);
        if (!seen.add(List.of(item.source(), item.question(), options, item.answerIdx()))) {
            found.add(ItemProblem.DUPLICATE);
        }
        if (new HashSet<>(options.values()).size() < options.size()) {
            found.add(ItemProblem.EQUAL_OPTIONS);
        }
        if (options.size() > 14) {
            found.add(ItemProblem.MANY_OPTIONS);
        }
        int place = 0;
        for (Map.Entry<String, String> option : options.entrySet()) {
            if (!option.getKey().equals(ItemFields.letter(place++))) {
                found.add(ItemProblem.UNORDERED_LETTERS);
            }
            if (option.getValue().isBlank()) {
                found.add(ItemProblem.BLANK_OPTION);
            }
            if (option.getValue().contains("\n")) {
                found.add(ItemProblem.LINE_BREAK);
            }
        }
        return found;
    }

    /** An item that is left out. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final ItemProblem problem;

        Refusal(ItemProblem problem, String message) {
            super(message, null, false, false);
            this.problem = problem;
        }
    }
}
