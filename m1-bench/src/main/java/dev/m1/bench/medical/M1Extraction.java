package dev.m1.bench.medical;

/**
 * The original's extraction: content of the last {@code \boxed{}}, of a {@code \text{}} around all of it, after the
 * last '='.
 */
final class M1Extraction {
    private M1Extraction() {}

    static String extract(String text) {
        String content = unwrap(lastBox(text), "\\boxed{");
        // Looks for a box again, not for \text: an \fbox inside the content is found here.
        return unwrap(lastBox(content), "\\text{");
    }

    /** From the last {@code \boxed}, else the last {@code \fbox}, to its closing brace; all of it if there is none. */
    private static String lastBox(String text) {
        int start = text.lastIndexOf("\\boxed");
        if (start < 0) {
            start = text.lastIndexOf("\\fbox");
        }
        if (start < 0) {
            return text;
        }
        int open = 0;
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) == '{') {
                open++;
            } else if (text.charAt(i) == '}' && --open == 0) {
                return text.substring(start, i + 1);
            }
        }
        return text;
    }

    private static String unwrap(String text, String command) {
        if (!text.startsWith(command) || !text.endsWith("}")) {
            return text;
        }
        String content = text.substring(command.length(), text.length() - 1);
        int equals = content.lastIndexOf('=');
        if (equals < 0) {
            return content;
        }
        int from = equals + 1;
        while (from < content.length() && content.charAt(from) == ' ') {
            from++;
        }
        return content.substring(from);
    }
}
