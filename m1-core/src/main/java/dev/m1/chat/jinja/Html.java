package dev.m1.chat.jinja;

/** {@code markupsafe.escape}, for templates that use {@code e} or mix {@code safe} text with other text. */
final class Html {
    private Html() {}

    static Text escape(Frame frame, Text text) {
        if (text.safe()) {
            return text;
        }
        TextBuilder out = frame.builder();
        String s = text.string();
        int done = 0;
        for (int i = 0; i < s.length(); i++) {
            String entity = switch (s.charAt(i)) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&#34;";
                case '\'' -> "&#39;";
                default -> null;
            };
            if (entity != null) {
                out.append(text, done, i).append(entity, text.literalAt(i));
                done = i + 1;
            }
        }
        return out.append(text, done, s.length()).toText().withSafe(true);
    }
}
