package dev.m1.tokenizer;

import java.text.Normalizer.Form;

/** {@code normalizer} of tokenizer.json. */
final class NormalizerReader {
    private NormalizerReader() {}

    static Normalizer read(JsonField field) {
        if (field.isNull()) {
            return Normalizer.NONE;
        }
        JsonField type = field.get("type");
        return switch (type.text()) {
            case "Sequence" -> new Normalizer.Sequence(
                    field.get("normalizers").items().stream().map(NormalizerReader::read).toList());
            case "Prepend" -> new Normalizer.Prepend(field.get("prepend").text());
            case "Replace" -> new Normalizer.Replace(pattern(field.get("pattern")), field.get("content").text());
            case "NFC" -> new UnicodeForm(Form.NFC);
            case "NFD" -> new UnicodeForm(Form.NFD);
            case "NFKC" -> new UnicodeForm(Form.NFKC);
            case "NFKD" -> new UnicodeForm(Form.NFKD);
            case "Lowercase" -> new Normalizer.Lowercase();
            case "Strip" -> new Normalizer.Strip(field.get("strip_left").bool(), field.get("strip_right").bool());
            case "ByteLevel" -> new Normalizer.ByteLevel();
            default -> throw type.unsupported();
        };
    }

    /** {@code {"String": ...}} or {@code {"Regex": ...}}. */
    static SpanPattern pattern(JsonField field) {
        JsonField fixed = field.get("String");
        if (!fixed.isNull()) {
            return new SpanPattern.Fixed(fixed.nonEmptyText());
        }
        JsonField regex = field.get("Regex");
        if (regex.isNull()) {
            throw field.unsupported();
        }
        WordScanner scanner = WordScanner.forPattern(regex.text());
        if (scanner != null) {
            return new SpanPattern.Scanned(scanner);
        }
        try {
            return new RegexPattern(regex.nonEmptyText());
        } catch (IllegalArgumentException e) {
            throw regex.error("is a pattern that cannot be used: " + e.getMessage());
        }
    }
}
