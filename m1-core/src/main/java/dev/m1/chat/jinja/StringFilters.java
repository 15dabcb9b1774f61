package dev.m1.chat.jinja;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters that make text; their input is turned into text first, as jinja2 does. */
final class StringFilters {
    private StringFilters() {}

    static void register(Map<String, Filters.Filter> all) {
        all.put("string", (f, v, a) -> none(a, "string", Printer.str(f, v)));
        all.put("trim", (f, v, a) -> {
            Object chars = Args.or(a.bind("trim", 0, "chars")[0], null);
            String set = chars == null ? null : Types.toText(chars, "trim chars").string();
            return Strip.strip(f, Printer.str(f, v), set, true, true);
        });
        all.put("upper", (f, v, a) -> none(a, "upper", Case.upper(f, Printer.str(f, v))));
        all.put("lower", (f, v, a) -> none(a, "lower", Case.lower(f, Printer.str(f, v))));
        all.put("title", (f, v, a) -> none(a, "title", Case.titleFilter(f, Printer.str(f, v))));
        all.put("capitalize", (f, v, a) -> none(a, "capitalize", Case.capitalize(f, Printer.str(f, v))));
        all.put("replace", StringFilters::replace);
        all.put("format", StringFilters::format);
        all.put("center", (f, v, a) -> {
            Object width = Args.or(a.bind("center", 0, "width")[0], 80L);
            return StringMethods.find("center").call(f, Printer.str(f, v), new Args(List.of(width), Map.of()));
        });
        all.put("indent", StringFilters::indent);
        all.put("truncate", StringFilters::truncate);
        all.put("wordcount", (f, v, a) -> none(a, "wordcount", wordCount(f, Printer.str(f, v))));
        all.put("urlencode", (f, v, a) -> none(a, "urlencode", urlEncode(f, v)));
        all.put("safe", (f, v, a) -> none(a, "safe", Printer.str(f, v).withSafe(true)));
        all.put("e", (f, v, a) -> none(a, "e", Html.escape(f, Printer.str(f, v))));
        all.put("escape", (f, v, a) -> none(a, "escape", Html.escape(f, Printer.str(f, v))));
        all.put("forceescape", (f, v, a) ->
                none(a, "forceescape", Html.escape(f, Printer.str(f, v).withSafe(false))));
        all.put("join", StringFilters::join);
    }

    private static Object none(Args args, String name, Object result) {
        args.bind(name, 0);
        return result;
    }

    private static Object replace(Frame f, Object value, Args args) {
        Object[] a = args.bind("replace", 2, "old", "new", "count");
        Object count = Args.or(a[2], null);
        return Replace.replace(f, plain(f, value), plain(f, a[0]), plain(f, a[1]),
                count == null ? -1 : Types.toLong(count, "replace count"));
    }

    /** {@code str(value)}, which makes safe text ordinary again. */
    private static Text plain(Frame f, Object value) {
        return Printer.str(f, value).withSafe(false);
    }

    private static Object format(Frame f, Object value, Args args) {
        if (!args.positional().isEmpty() && !args.named().isEmpty()) {
            throw new EvalError("can't handle positional and keyword arguments at the same time");
        }
        Object values = new TupleValue(args.positional());
        if (!args.named().isEmpty()) {
            DictValue dict = new DictValue();
            args.named().forEach((name, v) -> dict.put(Text.plain(name), v));
            values = dict;
        }
        return PercentFormat.format(f, Printer.str(f, value), values);
    }

    private static Object join(Frame f, Object value, Args args) {
        Object[] a = args.bind("join", 0, "d", "attribute");
        Text separator = plain(f, Args.or(a[0], Text.EMPTY));
        Object attribute = Args.or(a[1], null);
        TextBuilder out = f.builder();
        boolean first = true;
        for (Iterator<Object> it = Types.iterate(f, value); it.hasNext();) {
            Object item = it.next();
            if (!first) {
                out.append(separator);
            }
            first = false;
            out.append(Printer.str(f, attribute == null ? item : new AttributePath(attribute).get(f, item)));
        }
        return out.toText();
    }

    private static Object indent(Frame f, Object value, Args args) {
        Object[] a = args.bind("indent", 0, "width", "first", "blank");
        Object width = Args.or(a[0], 4L);
        boolean first = Types.truth(Args.or(a[1], false));
        boolean blank = Types.truth(Args.or(a[2], false));
        Text text = Types.toText(value, "indent input");
        if (text.safe()) {
            throw new EvalError("indenting safe text is not supported");
        }
        Text indentation = width instanceof Text t
                ? t
                : f.builder().repeat(Text.plain(" "), Types.toLong(width, "indent width")).toText();
        TextBuilder out = f.builder();
        List<Object> lines = Split.lines(f, f.builder().append(text).append('\n').toText(), false);
        for (int i = 0; i < lines.size(); i++) {
            Text line = (Text) lines.get(i);
            if (i > 0) {
                out.append('\n');
            }
            if (i == 0 ? first : blank || !line.isEmpty()) {
                out.append(indentation);
            }
            out.append(line);
        }
        return out.toText();
    }

    private static Object truncate(Frame f, Object value, Args args) {
        Object[] a = args.bind("truncate", 0, "length", "killwords", "end", "leeway");
        long length = Types.toLong(Args.or(a[0], 255L), "truncate length");
        Text end = Types.toText(Args.or(a[2], Text.plain("...")), "truncate end");
        Object leeway = Args.or(a[3], null);
        long tolerance = leeway == null ? 5 : Types.toLong(leeway, "truncate leeway");
        if (length < end.codePoints() || tolerance < 0) {
            throw new EvalError("truncate: expected length >= " + end.codePoints() + " and leeway >= 0");
        }
        int size = Types.length(value);
        if (size >= 0 && size <= length + tolerance) {
            return value;
        }
        Text text = Types.toText(value, "truncate input");
        int cut = text.offset((int) length - end.codePoints());
        if (!Types.truth(Args.or(a[1], false))) {
            int space = text.string().lastIndexOf(' ', cut - 1);
            cut = space < 0 || cut == 0 ? cut : space;
        }
        return f.builder().append(text, 0, cut).append(end).toText();
    }

    private static Object wordCount(Frame f, Text text) {
        f.budget.scan(text.length());
        long words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length();) {
            int c = text.string().codePointAt(i);
            boolean word = c == '_' || CharTest.isWord(c);
            words += word && !inside ? 1 : 0;
            inside = word;
            i += Character.charCount(c);
        }
        return words;
    }

    private static Text urlEncode(Frame f, Object value) {
        TextBuilder out = f.builder();
        if (value instanceof Text || !Types.isIterable(value)) {
            quote(out, Printer.str(f, value), "/");
            return out.toText();
        }
        Iterator<Object> pairs = Types.iterate(f,
                value instanceof DictValue d ? new DictView(d, DictView.Kind.ITEMS) : value);
        for (boolean first = true; pairs.hasNext(); first = false) {
            if (!(pairs.next() instanceof SequenceValue pair) || pair.size() != 2) {
                throw new EvalError("urlencode needs pairs");
            }
            out.append(first ? "" : "&");
            quote(out, Printer.str(f, pair.get(0)), "");
            out.append('=');
            quote(out, Printer.str(f, pair.get(1)), "");
        }
        return out.toText();
    }

    private static void quote(TextBuilder out, Text text, String alsoSafe) {
        String s = text.string();
        boolean query = alsoSafe.isEmpty();
        for (int i = 0; i < s.length();) {
            int c = s.codePointAt(i);
            int next = i + Character.charCount(c);
            if (c < 128 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || alsoSafe.indexOf(c) >= 0)) {
                out.append(text, i, next);
            } else if (query && c == ' ') {
                out.append("+", text.literalAt(i));
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    out.append("%%%02X".formatted(b), text.literalAt(i));
                }
            }
            i = next;
        }
    }
}
