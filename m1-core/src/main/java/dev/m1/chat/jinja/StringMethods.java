package dev.m1.chat.jinja;

import dev.m1.chat.jinja.BoundMethod.Method;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** Methods of Python's str; marks follow their characters through all of them. */
final class StringMethods {
    /** What Python has and no known chat template uses: refused rather than undefined. */
    private static final Set<String> UNSUPPORTED = Set.of("encode", "translate", "maketrans", "format_map",
            "isidentifier", "istitle", "expandtabs", "isprintable");

    /** Methods that treat safe text as other text; the rest would escape their arguments and is refused for it. */
    private static final Set<String> FINE_FOR_SAFE = Set.of("strip", "lstrip", "rstrip", "upper", "lower", "startswith",
            "endswith", "find", "rfind", "count", "index", "rindex", "isdigit", "isalpha", "isalnum", "isspace",
            "islower", "isupper", "isdecimal", "isnumeric", "isascii", "capitalize", "title", "swapcase",
            "removeprefix", "removesuffix", "split", "rsplit", "splitlines", "partition", "rpartition");

    private static final Map<String, Method<Text>> METHODS = methods();

    private StringMethods() {}

    static Method<Text> find(String name) {
        Method<Text> method = METHODS.get(name);
        if (method == null && UNSUPPORTED.contains(name)) {
            throw new EvalError("str." + name + " is not supported");
        }
        return method;
    }

    private static Map<String, Method<Text>> methods() {
        Map<String, Method<Text>> m = new HashMap<>();
        m.put("strip", (f, s, a) -> Strip.strip(f, s, chars("strip", a), true, true));
        m.put("lstrip", (f, s, a) -> Strip.strip(f, s, chars("lstrip", a), true, false));
        m.put("rstrip", (f, s, a) -> Strip.strip(f, s, chars("rstrip", a), false, true));
        m.put("removeprefix", (f, s, a) -> {
            String part = text(a.bindPositional("removeprefix", 1, 1)[0], "removeprefix").string();
            return s.string().startsWith(part) ? f.slice(s, part.length(), s.length()) : s;
        });
        m.put("removesuffix", (f, s, a) -> {
            String part = text(a.bindPositional("removesuffix", 1, 1)[0], "removesuffix").string();
            return s.string().endsWith(part) ? f.slice(s, 0, s.length() - part.length()) : s;
        });
        m.put("split", (f, s, a) -> Split.split(f, s, a.bind("split", 0, "sep", "maxsplit")));
        m.put("rsplit", (f, s, a) -> Split.rsplit(f, s, a.bind("rsplit", 0, "sep", "maxsplit")));
        m.put("splitlines", (f, s, a) -> new ListValue(Split.lines(f, s,
                Types.truth(Args.or(a.bind("splitlines", 0, "keepends")[0], false)))));
        m.put("partition", (f, s, a) ->
                Split.partition(f, s, text(a.bindPositional("partition", 1, 1)[0], "separator"), false));
        m.put("rpartition", (f, s, a) ->
                Split.partition(f, s, text(a.bindPositional("rpartition", 1, 1)[0], "separator"), true));
        m.put("startswith", (f, s, a) -> affix(f, s, "startswith", a, true));
        m.put("endswith", (f, s, a) -> affix(f, s, "endswith", a, false));
        m.put("find", (f, s, a) -> find(f, s, "find", a, false));
        m.put("rfind", (f, s, a) -> find(f, s, "rfind", a, true));
        m.put("index", (f, s, a) -> found(find(f, s, "index", a, false)));
        m.put("rindex", (f, s, a) -> found(find(f, s, "rindex", a, true)));
        m.put("count", StringMethods::count);
        m.put("replace", (f, s, a) -> {
            Object[] v = a.bindPositional("replace", 2, 3);
            return Replace.replace(f, s, text(v[0], "replace() argument 1"), text(v[1], "replace() argument 2"),
                    Types.toLong(Args.or(v[2], -1L), "count"));
        });
        m.put("join", (f, s, a) -> join(f, s, a.bindPositional("join", 1, 1)[0]));
        m.put("format", BraceFormat::format);
        m.put("upper", (f, s, a) -> none(a, "upper", Case.upper(f, s)));
        m.put("lower", (f, s, a) -> none(a, "lower", Case.lower(f, s)));
        m.put("casefold", (f, s, a) -> none(a, "casefold", Case.fold(f, s)));
        m.put("capitalize", (f, s, a) -> none(a, "capitalize", Case.capitalize(f, s)));
        m.put("title", (f, s, a) -> none(a, "title", Case.title(f, s)));
        m.put("swapcase", (f, s, a) -> none(a, "swapcase", Case.swap(f, s)));
        m.put("zfill", (f, s, a) -> zfill(f, s, Types.toLong(a.bindPositional("zfill", 1, 1)[0], "width")));
        m.put("center", (f, s, a) -> pad(f, s, "center", a, '^'));
        m.put("ljust", (f, s, a) -> pad(f, s, "ljust", a, '<'));
        m.put("rjust", (f, s, a) -> pad(f, s, "rjust", a, '>'));
        for (CharTest test : CharTest.values()) {
            m.put(test.method, (f, s, a) -> none(a, test.method, test.test(f, s)));
        }
        m.replaceAll((name, method) -> FINE_FOR_SAFE.contains(name) ? keepSafe(method) : refuseSafe(name, method));
        return Map.copyOf(m);
    }

    private static Method<Text> keepSafe(Method<Text> method) {
        return (f, s, a) -> {
            Object result = method.call(f, s, a);
            if (s.safe() && result instanceof SequenceValue) {
                throw new EvalError("splitting safe text is not supported");
            }
            return result instanceof Text t ? t.withSafe(s.safe()) : result;
        };
    }

    private static Method<Text> refuseSafe(String name, Method<Text> method) {
        return (f, s, a) -> {
            if (s.safe()) {
                throw new EvalError("str." + name + " of safe text is not supported");
            }
            return method.call(f, s, a);
        };
    }

    private static Object none(Args args, String name, Object result) {
        args.bindPositional(name, 0, 0);
        return result;
    }

    private static Text text(Object value, String what) {
        return Types.toText(value, what);
    }

    private static String chars(String name, Args args) {
        Object chars = Args.or(args.bindPositional(name, 0, 1)[0], null);
        return chars == null ? null : text(chars, name + " arg").string();
    }

    /**
     * Start and end as UTF-16 offsets, for methods that take an optional range of code points; start &gt; end if empty.
     */
    private static int[] range(Frame frame, Text s, Object start, Object end) {
        frame.budget.scan(s.hasPairs() ? 3L * s.length() : 0);
        int size = s.codePoints();
        long from = clamp(Args.or(start, null), 0, size);
        long to = Math.min(size, clamp(Args.or(end, null), size, size));
        return from > to ? new int[] {1, 0} : new int[] {s.offset((int) from), s.offset((int) to)};
    }

    private static long clamp(Object index, long fallback, int size) {
        if (index == null) {
            return fallback;
        }
        long i = Types.toLong(index, "slice index");
        return i < 0 ? Math.max(0, i + size) : i;
    }

    private static Object affix(Frame f, Text s, String name, Args args, boolean start) {
        Object[] a = args.bindPositional(name, 1, 3);
        int[] range = range(f, s, a[1], a[2]);
        Iterable<Object> options = a[0] instanceof TupleValue t ? t : TupleValue.of(a[0]);
        for (Object option : options) {
            String part = text(option, name + " first arg").string();
            f.budget.scan(part.length());
            int at = start ? range[0] : range[1] - part.length();
            boolean fits = range[0] <= range[1] && at >= range[0] && at + part.length() <= range[1];
            if (fits && s.string().startsWith(part, at)) {
                return true;
            }
        }
        return false;
    }

    private static long find(Frame f, Text s, String name, Args args, boolean last) {
        Object[] a = args.bindPositional(name, 1, 3);
        String part = text(a[0], name + " argument").string();
        int[] range = range(f, s, a[1], a[2]);
        if (range[0] > range[1] || part.length() > range[1] - range[0]) {
            return -1;
        }
        int at = last
                ? Search.lastIndexOf(f, s.string(), part, range[1] - part.length())
                : Search.indexOf(f, s.string(), part, range[0]);
        return at < range[0] || at + part.length() > range[1] ? -1 : s.index(at);
    }

    private static Object found(long index) {
        if (index < 0) {
            throw new EvalError("substring not found");
        }
        return index;
    }

    private static Object count(Frame f, Text s, Args args) {
        Object[] a = args.bindPositional("count", 1, 3);
        String part = text(a[0], "count argument").string();
        int[] range = range(f, s, a[1], a[2]);
        if (range[0] > range[1]) {
            return 0L;
        }
        if (part.isEmpty()) {
            return (long) s.index(range[1]) - s.index(range[0]) + 1;
        }
        long n = 0;
        for (int at = Search.indexOf(f, s.string(), part, range[0]); at >= 0 && at + part.length() <= range[1];) {
            n++;
            at = Search.indexOf(f, s.string(), part, at + part.length());
        }
        return n;
    }

    private static Text join(Frame f, Text separator, Object items) {
        TextBuilder out = f.builder();
        boolean first = true;
        for (Iterator<Object> it = Types.iterate(f, items); it.hasNext();) {
            if (!first) {
                out.append(separator);
            }
            first = false;
            Object item = it.next();
            if (item instanceof Text t && t.safe()) {
                throw new EvalError("joining safe text is not supported");
            }
            out.append(text(item, "joined item"));
        }
        return out.toText();
    }

    private static Object zfill(Frame f, Text s, long width) {
        boolean signed = !s.isEmpty() && (s.string().charAt(0) == '+' || s.string().charAt(0) == '-');
        return f.builder().append(s, 0, signed ? 1 : 0).repeat(Text.plain("0"), width - s.codePoints())
                .append(s, signed ? 1 : 0, s.length()).toText();
    }

    private static Object pad(Frame f, Text s, String name, Args args, char where) {
        Object[] a = args.bindPositional(name, 1, 2);
        Text fill = text(Args.or(a[1], Text.plain(" ")), name + " fill");
        if (fill.codePoints() != 1) {
            throw new EvalError("The fill character must be exactly one character long");
        }
        long width = Types.toLong(a[0], "width");
        // str.center puts the odd blank on the left where the width is odd.
        long missing = width - s.codePoints();
        if (where == '^' && missing > 0) {
            long left = missing / 2 + (missing & width & 1);
            return f.builder().repeat(fill, left).append(s).repeat(fill, missing - left).toText();
        }
        return FormatSpec.pad(f, s, width, fill, where);
    }
}
