package dev.m1.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's {@code json.dumps}, which is what transformers puts in place of jinja2's HTML-safe {@code tojson}. */
final class Json {
    private final Frame frame;
    private final TextBuilder out;
    private final boolean ascii;
    private final Text indent; // null: everything on one line
    private final Text itemSeparator;
    private final Text keySeparator;
    private final boolean sortKeys;

    private Json(Frame frame, boolean ascii, Text indent, Text itemSeparator, Text keySeparator, boolean sortKeys) {
        this.frame = frame;
        this.out = frame.builder();
        this.ascii = ascii;
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.sortKeys = sortKeys;
    }

    /** The {@code tojson} filter. */
    static Text filter(Frame frame, Object value, Args args) {
        Object[] a = args.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        Object indent = Args.or(a[1], null);
        Text indentText = switch (indent) {
            case null -> null;
            case Text t -> t;
            default -> frame.builder().repeat(Text.plain(" "), Types.toLong(indent, "tojson indent")).toText();
        };
        Text item = Text.plain(indent == null ? ", " : ",");
        Text key = Text.plain(": ");
        Object separators = Args.or(a[2], null);
        if (separators != null) {
            if (!(separators instanceof SequenceValue s) || s.size() != 2) {
                throw new EvalError("tojson separators must be a pair of strings");
            }
            item = Types.toText(s.get(0), "tojson separator");
            key = Types.toText(s.get(1), "tojson separator");
        }
        boolean ascii = Types.truth(Args.or(a[0], false));
        Json json = new Json(frame, ascii, indentText, item, key, Types.truth(Args.or(a[3], false)));
        json.write(value, 0);
        return json.out.toText();
    }

    private void write(Object value, int depth) {
        Budget.checkValueDepth(depth);
        frame.budget.step();
        switch (value) {
            case Text t -> string(t);
            case SequenceValue s when !(s instanceof RangeValue) -> array(s, depth);
            case DictValue d -> object(d, depth);
            case null, default -> {
                String scalar = scalar(value);
                if (scalar == null) {
                    throw new EvalError("Object of type " + Types.name(value) + " is not JSON serializable");
                }
                out.append(scalar);
            }
        }
    }

    private static String scalar(Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean b -> b.toString();
            case Long n -> n.toString();
            case BigInteger n -> n.toString();
            case Double d when d.isNaN() -> "NaN";
            case Double d when d.isInfinite() -> d > 0 ? "Infinity" : "-Infinity";
            case Double d -> Printer.number(d);
            default -> null;
        };
    }

    private void array(SequenceValue items, int depth) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.append(itemSeparator);
            }
            newline(depth + 1);
            write(items.get(i), depth + 1);
        }
        if (items.size() > 0) {
            newline(depth);
        }
        out.append(']');
    }

    private void object(DictValue dict, int depth) {
        List<DictValue.Entry> entries = new ArrayList<>(dict.entries());
        if (sortKeys) {
            Sorting.sort(frame, entries, DictValue.Entry::key, false);
        }
        out.append('{');
        boolean first = true;
        for (DictValue.Entry e : entries) {
            if (!first) {
                out.append(itemSeparator);
            }
            first = false;
            newline(depth + 1);
            key(e.key());
            out.append(keySeparator);
            write(e.value(), depth + 1);
        }
        if (!first) {
            newline(depth);
        }
        out.append('}');
    }

    private void key(Object key) {
        if (key instanceof Text text) {
            string(text);
            return;
        }
        String scalar = scalar(key);
        if (scalar == null) {
            throw new EvalError("keys must be str, int, float, bool or None, not " + Types.name(key));
        }
        out.append('"').append(scalar).append('"');
    }

    private void newline(int depth) {
        if (indent != null) {
            out.append('\n').repeat(indent, depth);
        }
    }

    private void string(Text text) {
        out.append('"');
        String s = text.string();
        int done = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && (c < 127 || !ascii)) {
                continue;
            }
            out.append(text, done, i).append(escape(c), text.literalAt(i));
            done = i + 1;
        }
        out.append(text, done, s.length()).append('"');
    }

    private static String escape(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            default -> "\\u%04x".formatted((int) c);
        };
    }
}
