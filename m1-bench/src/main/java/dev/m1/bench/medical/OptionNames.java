package dev.m1.bench.medical;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Reads a statement as one of an item's options (see {@link StrictScorer}). */
final class OptionNames {
    private final String right;
    private final Map<String, String> plain = new LinkedHashMap<>(); // letter -> text without typography

    OptionNames(AnswerItem item) {
        right = item.answerIdx();
        item.options().forEach((letter, text) -> plain.put(letter, Typography.plain(text)));
    }

    /** The option a statement names; null if it names none, or leaves open which. */
    String letterOf(String statement) {
        String said = Typography.plain(statement);
        String bare = bare(said);
        if (plain.containsKey(bare)) {
            return bare;
        }
        List<String> named = lettersWhere(text -> !text.isEmpty() && text.equals(said));
        if (!named.isEmpty()) {
            return named.contains(right) ? right : named.getFirst();
        }
        String letter = letterInAnyCase(bare);
        if (letter != null) {
            return letter;
        }
        String lower = PythonText.lower(said);
        named = lettersWhere(text -> !text.isEmpty() && PythonText.lower(text).equals(lower));
        if (named.size() == 1 || (named.size() > 1 && sameText(named))) {
            return named.contains(right) ? right : named.getFirst();
        }
        return named.isEmpty() ? letterWithItsText(said) : null;
    }

    /** Without what may stand around a letter: {@code (B)}, {@code [B]}, {@code B)}. */
    private static String bare(String said) {
        if (said.length() < 2 || (!said.endsWith(")") && !said.endsWith("]"))) {
            return said;
        }
        char open = said.endsWith(")") ? '(' : '[';
        return said.substring(said.charAt(0) == open ? 1 : 0, said.length() - 1).strip();
    }

    private String letterInAnyCase(String said) {
        for (String letter : plain.keySet()) {
            if (letter.equalsIgnoreCase(said)) {
                return letter;
            }
        }
        return null;
    }

    /** {@code B. text}, {@code B) text}, {@code B: text} or {@code (B) text}, if that option has that text. */
    private String letterWithItsText(String said) {
        int open = said.startsWith("(") ? 1 : 0;
        for (Map.Entry<String, String> option : plain.entrySet()) {
            String letter = option.getKey();
            int mark = open + letter.length();
            if (mark < said.length()
                    && said.startsWith(letter, open)
                    && (open == 1 ? ")" : ".):").indexOf(said.charAt(mark)) >= 0) {
                String text = Typography.plain(said.substring(mark + 1));
                if (!text.isEmpty() && PythonText.lower(text).equals(PythonText.lower(option.getValue()))) {
                    return letter;
                }
            }
        }
        return null;
    }

    private List<String> lettersWhere(Predicate<String> text) {
        return plain.keySet().stream().filter(letter -> text.test(plain.get(letter))).toList();
    }

    private boolean sameText(List<String> letters) {
        return letters.stream().map(plain::get).distinct().count() == 1;
    }
}
