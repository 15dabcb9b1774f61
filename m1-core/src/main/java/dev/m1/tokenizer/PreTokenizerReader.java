package dev.m1.tokenizer;

import dev.m1.tokenizer.PreTokenizer.Metaspace.Scheme;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** {@code pre_tokenizer} of tokenizer.json. */
final class PreTokenizerReader {
    private PreTokenizerReader() {}

    static PreTokenizer read(JsonField field) {
        if (field.isNull()) {
            return PreTokenizer.NONE;
        }
        JsonField type = field.get("type");
        return switch (type.text()) {
            case "Sequence" -> PreTokenizer.Sequence.of(
                    field.get("pretokenizers").items().stream().map(PreTokenizerReader::read).toList());
            case "ByteLevel" -> byteLevel(field);
            case "Split" -> new PreTokenizer.Split(
                    NormalizerReader.pattern(field.get("pattern")),
                    behavior(field.get("behavior")),
                    field.get("invert").bool());
            case "Metaspace" -> metaspace(field);
            case "Digits" -> at(UnicodeClasses.NUMERIC,
                    field.get("individual_digits").bool() ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
            case "Punctuation" -> at(UnicodeClasses.PUNCTUATION,
                    field.get("behavior").isNull() ? SplitBehavior.ISOLATED : behavior(field.get("behavior")));
            case "WhitespaceSplit" -> at(UnicodeClasses.SPACE, SplitBehavior.REMOVED);
            case "Whitespace" -> new PreTokenizer.Whitespace();
            default -> throw type.unsupported();
        };
    }

    /** The direct way for bytes, if the whole pre-tokenizer is one well-known pattern and ByteLevel; else null. */
    static ByteLevelEncoder byteLevelEncoder(JsonField field) {
        JsonField split = null;
        JsonField last = field;
        if (!field.isNull() && field.get("type").text().equals("Sequence")) {
            List<JsonField> parts = field.get("pretokenizers").items();
            if (parts.size() > 2 || parts.isEmpty()) {
                return null;
            }
            last = parts.get(parts.size() - 1);
            split = parts.size() == 2 ? parts.get(0) : null;
        }
        if (last.isNull() || !last.get("type").text().equals("ByteLevel")) {
            return null;
        }
        boolean prefix = last.get("add_prefix_space").bool();
        boolean words = last.get("use_regex").boolOr(true);
        if (split == null) {
            return words ? new ByteLevelEncoder(new Gpt2Scanner(), prefix) : null;
        }
        boolean plain = !prefix && !words && split.get("type").text().equals("Split")
                && split.get("behavior").text().equals(SplitBehavior.ISOLATED.jsonName) && !split.get("invert").bool();
        JsonField regex = plain ? split.get("pattern").get("Regex") : null;
        WordScanner scanner = regex == null || regex.isNull() ? null : WordScanner.forPattern(regex.text());
        return scanner == null ? null : new ByteLevelEncoder(scanner, false);
    }

    private static PreTokenizer byteLevel(JsonField field) {
        PreTokenizer words = field.get("use_regex").boolOr(true)
                ? new PreTokenizer.Split(new SpanPattern.Scanned(new Gpt2Scanner()), SplitBehavior.ISOLATED, false)
                : PreTokenizer.NONE;
        return new PreTokenizer.ByteLevel(field.get("add_prefix_space").bool(), words);
    }

    private static PreTokenizer metaspace(JsonField field) {
        String replacement = Character.toString(field.get("replacement").codePoint());
        return new PreTokenizer.Metaspace(replacement, prependScheme(field), field.get("split").boolOr(true));
    }

    /** {@code prepend_scheme} of a Metaspace, or what the older {@code add_prefix_space} says. */
    static Scheme prependScheme(JsonField field) {
        JsonField scheme = field.get("prepend_scheme");
        Scheme parsed = switch (scheme.textOr("always")) {
            case "always" -> Scheme.ALWAYS;
            case "first" -> Scheme.FIRST;
            case "never" -> Scheme.NEVER;
            default -> throw scheme.unsupported();
        };
        JsonField prefix = field.get("add_prefix_space");
        if (!prefix.boolOr(true) && parsed != Scheme.NEVER) {
            throw prefix.error("is false, which contradicts prepend_scheme " + parsed.name().toLowerCase(Locale.ROOT));
        }
        return parsed;
    }

    private static PreTokenizer at(int classes, SplitBehavior behavior) {
        IntPredicate wanted = c -> UnicodeClasses.is(c, classes);
        return new PreTokenizer.Split(new SpanPattern.OneOf(wanted), behavior, false);
    }

    private static SplitBehavior behavior(JsonField field) {
        SplitBehavior behavior = SplitBehavior.of(field.text());
        if (behavior == null) {
            throw field.unsupported();
        }
        return behavior;
    }
}
