package dev.m1.tokenizer;

import dev.m1.tokenizer.PreTokenizer.Metaspace.Scheme;
import java.util.ArrayList;
import java.util.List;

/** {@code decoder} of tokenizer.json. */
final class DecoderReader {
    private static final int MAX_STRIP = 1 << 20;

    private final List<DecodeStep> steps = new ArrayList<>();
    private boolean joined; // whether the items have become one text

    private DecoderReader() {}

    /** The steps in their first state; a decoding works on copies. */
    static List<DecodeStep> read(JsonField field) {
        if (field.isNull()) {
            return List.of(new DecodeSteps.Spaced());
        }
        DecoderReader reader = new DecoderReader();
        reader.add(field);
        return List.copyOf(reader.steps);
    }

    private void add(JsonField field) {
        JsonField type = field.get("type");
        switch (type.text()) {
            case "Sequence" -> field.get("decoders").items().forEach(this::add);
            case "ByteLevel" -> {
                steps.add(beforeJoin(type, new DecodeSteps.ByteLevel()));
                joined = true;
            }
            case "ByteFallback" -> steps.add(beforeJoin(type, new DecodeSteps.ByteFallback()));
            case "Metaspace" -> steps.add(beforeJoin(type, metaspace(field)));
            case "Fuse" -> joined = true;
            case "Replace" -> replace(field);
            case "Strip" -> strip(field);
            default -> throw type.unsupported();
        }
    }

    private DecodeStep beforeJoin(JsonField type, DecodeStep step) {
        if (joined) {
            throw type.error("is " + type.text() + " after Fuse or ByteLevel, which is not supported");
        }
        return step;
    }

    private static DecodeStep metaspace(JsonField field) {
        String replacement = Character.toString(field.get("replacement").codePoint());
        return new DecodeSteps.Metaspace(replacement, PreTokenizerReader.prependScheme(field) != Scheme.NEVER);
    }

    private void replace(JsonField field) {
        JsonField fixed = field.get("pattern").get("String");
        if (joined && (fixed.isNull() || fixed.text().codePointCount(0, fixed.text().length()) != 1)) {
            throw field.get("pattern").error("after Fuse or ByteLevel must be a String of one character");
        }
        SpanPattern pattern = NormalizerReader.pattern(field.get("pattern"));
        String content = field.get("content").text();
        steps.add(new DecodeSteps.PerItem(item -> pattern.replace(item, content)));
    }

    private void strip(JsonField field) {
        int content = field.get("content").codePoint();
        int start = field.get("start").integer(MAX_STRIP);
        int stop = field.get("stop").integer(MAX_STRIP);
        steps.add(joined
                ? new DecodeSteps.StripText(content, start, stop)
                : new DecodeSteps.PerItem(item -> DecodeSteps.strip(item, content, start, stop)));
    }
}
