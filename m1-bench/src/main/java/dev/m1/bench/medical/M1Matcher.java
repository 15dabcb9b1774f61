package dev.m1.bench.medical;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The original's matcher for an answer that is not literally the right option. It was taken over from HuatuoGPT-o1's
 * evaluation and always names some option. Regular expressions there, scans here: a text of any length and content
 * takes one pass, without backtracking.
 */
final class M1Matcher {
    private static final String FINAL_RESPONSE = "## Final Response\n\n";
    private static final String ANSWER_IS = "answer is";
    /** Letters the original knows; an option beyond is found by its text alone. */
    private static final int LETTERS = 14; // A to N

    record Match(M1Rule rule, String letter) {}

    private M1Matcher() {}

    static Match match(String text, Map<String, String> itemOptions) {
        Map<String, String> options = listed(itemOptions);
        int response = text.lastIndexOf(FINAL_RESPONSE);
        String said = response < 0 ? text : text.substring(response + FINAL_RESPONSE.length());

        String letter = lastAnswerIs(said);
        if (letter != null) {
            return new Match(M1Rule.ANSWER_IS, letter);
        }
        if (options.isEmpty()) {
            return new Match(M1Rule.NONE, null);
        }
        letter = lastLoneLetter(said, Math.min(options.size(), LETTERS));
        if (letter != null) {
            return new Match(M1Rule.LONE_LETTER, letter);
        }
        String lower = PythonText.lower(said);
        letter = lastOptionText(lower, options);
        if (letter != null) {
            return new Match(M1Rule.LAST_OPTION_TEXT, letter);
        }
        return new Match(M1Rule.SIMILARITY, mostSimilar(lower, options));
    }

    /**
     * The options as the original reads them back from its own prompt, line by line: an option with a line break loses
     * what follows the break or becomes two, and a blank one is lost.
     */
    private static Map<String, String> listed(Map<String, String> itemOptions) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String line : MedicalPrompt.options(itemOptions).split("\n", -1)) {
            String option = PythonText.strip(line);
            int dot = option.indexOf(". ");
            if (dot >= 0) {
                options.put(option.substring(0, dot), option.substring(dot + 2));
            }
        }
        return options;
    }

    /** Expression {@code answer is\s*?[A-N]}, last match. "The answer is Nitroglycerin" is taken for the letter N. */
    private static String lastAnswerIs(String text) {
        for (int at = text.lastIndexOf(ANSWER_IS); at >= 0; at = text.lastIndexOf(ANSWER_IS, at - 1)) {
            int i = at + ANSWER_IS.length();
            while (i < text.length() && PythonText.isSpace(text.charAt(i))) { // No white space lies beyond the BMP.
                i++;
            }
            if (i < text.length() && isLetter(text.charAt(i), LETTERS)) {
                return text.substring(i, i + 1);
            }
        }
        return null;
    }

    /**
     * A capital letter between two characters that are no word characters (or ideographs, or the ends of the text),
     * except an "A" with a space behind it. Matches do not overlap: a character that ended one match cannot begin the
     * next.
     */
    private static String lastLoneLetter(String text, int letters) {
        String last = null;
        int free = 0; // The first character no match has used yet.
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int after = i + 1;
            if (!isLetter(c, letters) || (c == 'A' && after < text.length() && text.charAt(after) == ' ')) {
                continue;
            }
            if (i > 0) {
                int before = text.codePointBefore(i);
                if (i - Character.charCount(before) < free || !isBoundary(before)) {
                    continue;
                }
            }
            if (after < text.length()) {
                int next = text.codePointAt(after);
                if (!isBoundary(next)) {
                    continue;
                }
                after += Character.charCount(next);
            }
            last = text.substring(i, i + 1);
            free = after;
        }
        return last;
    }

    private static String lastOptionText(String lowerText, Map<String, String> options) {
        String letter = null;
        int last = -1;
        for (Map.Entry<String, String> option : options.entrySet()) {
            int at = lowerText.lastIndexOf(PythonText.lower(option.getValue()));
            if (at > last) { // At the same place the earlier option wins.
                last = at;
                letter = option.getKey();
            }
        }
        return letter;
    }

    private static String mostSimilar(String lowerText, Map<String, String> options) {
        SequenceRatio similarity = new SequenceRatio(lowerText);
        String letter = null;
        double highest = 0;
        for (Map.Entry<String, String> option : options.entrySet()) {
            double ratio = similarity.of(PythonText.lower(option.getValue()));
            if (ratio >= highest) { // Of equals the later option wins.
                highest = ratio;
                letter = option.getKey();
            }
        }
        return letter;
    }

    private static boolean isLetter(char c, int letters) {
        return c >= 'A' && c < 'A' + letters;
    }

    private static boolean isBoundary(int codePoint) {
        return !PythonText.isWord(codePoint) || (codePoint >= 0x4E00 && codePoint <= 0x9FFF);
    }
}
