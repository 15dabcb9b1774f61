package dev.m1.chat.jinja;

/** {@code "…%s…" % values}. */
final class PercentFormat {
    private final Frame frame;
    private final Text format;
    private final String s;
    private final Object values;
    private final TextBuilder out;
    private int pos;
    private int used;

    private PercentFormat(Frame frame, Text format, Object values) {
        this.frame = frame;
        this.format = format;
        this.s = format.string();
        this.values = values;
        this.out = frame.builder();
    }

    static Text format(Frame frame, Text format, Object values) {
        if (format.safe()) {
            throw new EvalError("formatting safe text is not supported");
        }
        PercentFormat f = new PercentFormat(frame, format, values);
        f.run();
        return f.out.toText();
    }

    private void run() {
        int done = 0;
        for (pos = s.indexOf('%'); pos >= 0; pos = s.indexOf('%', done)) {
            out.append(format, done, pos);
            pos++;
            directive();
            done = pos;
        }
        out.append(format, done, s.length());
        boolean allUsed = values instanceof TupleValue t
                ? used == t.size()
                : used > 0 || isSubscriptable(values);
        if (!allUsed) {
            throw new EvalError("not all arguments converted during string formatting");
        }
    }

    /** Python takes such values for mappings that a format need not use up. */
    private static boolean isSubscriptable(Object values) {
        return values instanceof DictValue || values instanceof SequenceValue || values instanceof Undefined;
    }

    private void directive() {
        Object mapped = Args.ABSENT;
        if (peek() == '(') {
            int end = s.indexOf(')', pos);
            if (end < 0) {
                throw new EvalError("incomplete format key");
            }
            if (!(values instanceof DictValue dict)) {
                throw new EvalError("format requires a mapping");
            }
            DictValue.Entry entry = dict.find(s.substring(pos + 1, end));
            if (entry == null) {
                throw new EvalError("no value for format key '" + s.substring(pos + 1, end) + "'");
            }
            mapped = entry.value();
            pos = end + 1;
        }
        boolean left = false;
        boolean zero = false;
        boolean alternate = false;
        char sign = '-';
        for (; pos < s.length() && "-+ #0".indexOf(s.charAt(pos)) >= 0; pos++) {
            switch (s.charAt(pos)) {
                case '-' -> left = true;
                case '+' -> sign = '+';
                case ' ' -> sign = sign == '+' ? '+' : ' ';
                case '#' -> alternate = true;
                default -> zero = true;
            }
        }
        int width = number(0);
        int precision = -1;
        if (peek() == '.') {
            pos++;
            precision = number(0);
        }
        char type = peek();
        pos++;
        if (type == '%') {
            out.append('%');
            return;
        }
        Object value = mapped == Args.ABSENT ? nextValue() : mapped;
        char align = left ? '<' : '>';
        switch (type) {
            case 's' -> text(Printer.str(frame, value), align, width, precision);
            case 'r' -> text(Printer.repr(frame, value), align, width, precision);
            case 'd', 'i', 'u', 'x', 'X', 'o', 'e', 'E', 'f', 'F' -> {
                boolean integral = "diuxXo".indexOf(type) >= 0;
                if (!Numbers.isNumber(value) || integral && precision >= 0) {
                    throw new EvalError("%" + type + " format: unsupported precision or " + Types.name(value));
                }
                char letter = type == 'i' || type == 'u' ? 'd' : type;
                Object number = letter == 'd' && value instanceof Double d ? NumberFilters.truncate(d) : value;
                char where = zero && !left ? '=' : align;
                out.append(new FormatSpec(zero && !left ? '0' : ' ', where, sign, alternate, width, (char) 0, precision,
                        letter).apply(frame, number));
            }
            case 0 -> throw new EvalError("incomplete format");
            default -> throw new EvalError("format character '" + type + "' is not supported");
        }
    }

    private void text(Text text, char align, int width, int precision) {
        out.append(new FormatSpec(' ', align, '-', false, width, (char) 0, precision, 's')
                .apply(frame, text.withSafe(false)));
    }

    private Object nextValue() {
        if (values instanceof TupleValue t) {
            if (used < t.size()) {
                return t.get(used++);
            }
        } else if (used++ == 0) {
            return values;
        }
        throw new EvalError("not enough arguments for format string");
    }

    private char peek() {
        return pos < s.length() ? s.charAt(pos) : 0;
    }

    private int number(int fallback) {
        int start = pos;
        while (peek() >= '0' && peek() <= '9') {
            pos++;
        }
        if (peek() == '*') {
            throw new EvalError("'*' in a format is not supported");
        }
        return pos == start ? fallback : BraceFormat.parseInt(s.substring(start, pos));
    }
}
