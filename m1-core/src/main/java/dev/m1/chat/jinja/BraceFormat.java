package dev.m1.chat.jinja;

/** {@code "{} {name:>8}".format(…)}; replacement fields inside a format specification are refused. */
final class BraceFormat {
    private final Frame frame;
    private final Text format;
    private final String s;
    private final Args args;
    private final TextBuilder out;
    private int automatic; // next automatic index, or -1 once a field gave its own number

    private BraceFormat(Frame frame, Text format, Args args) {
        this.frame = frame;
        this.format = format;
        this.s = format.string();
        this.args = args;
        this.out = frame.builder();
    }

    static Text format(Frame frame, Text format, Args args) {
        BraceFormat f = new BraceFormat(frame, format, args);
        f.run();
        return f.out.toText();
    }

    private void run() {
        int done = 0;
        for (int i = 0; i < s.length();) {
            char c = s.charAt(i);
            if (c != '{' && c != '}') {
                i++;
                continue;
            }
            out.append(format, done, i);
            if (i + 1 < s.length() && s.charAt(i + 1) == c) {
                out.append(format, i, i + 1);
                i += 2;
            } else if (c == '}') {
                throw new EvalError("Single '}' encountered in format string");
            } else {
                int end = s.indexOf('}', i);
                if (end < 0) {
                    throw new EvalError("expected '}' before end of string");
                }
                if (s.substring(i + 1, end).indexOf('{') >= 0) {
                    throw new EvalError("nested format fields are not supported");
                }
                field(s.substring(i + 1, end));
                i = end + 1;
            }
            done = i;
        }
        out.append(format, done, s.length());
    }

    private void field(String field) {
        int colon = field.indexOf(':');
        String name = colon < 0 ? field : field.substring(0, colon);
        String spec = colon < 0 ? "" : field.substring(colon + 1);
        int bang = name.indexOf('!');
        String conversion = bang < 0 ? "" : name.substring(bang + 1);
        Object value = lookUp(bang < 0 ? name : name.substring(0, bang));
        value = switch (conversion) {
            case "" -> value;
            case "s" -> Printer.str(frame, value);
            case "r" -> Printer.repr(frame, value);
            default -> throw new EvalError("format conversion '!" + conversion + "' is not supported");
        };
        if (spec.isEmpty()) {
            out.append(Printer.str(frame, value));
        } else {
            out.append(parse(spec).apply(frame, value));
        }
    }

    private Object lookUp(String path) {
        int i = 0;
        while (i < path.length() && path.charAt(i) != '.' && path.charAt(i) != '[') {
            i++;
        }
        Object value = first(path.substring(0, i));
        while (i < path.length()) {
            int start = i + 1;
            if (path.charAt(i) == '[') {
                i = path.indexOf(']', start);
                if (i < 0 || i == start) {
                    throw new EvalError("bad field in format string");
                }
                String key = path.substring(start, i++);
                value = Members.item(frame, value, isDigits(key) ? (Object) (long) parseInt(key) : Text.plain(key));
            } else if (path.charAt(i) == '.') {
                for (i = start; i < path.length() && path.charAt(i) != '.' && path.charAt(i) != '[';) {
                    i++;
                }
                value = Members.attribute(frame, value, path.substring(start, i));
            } else {
                throw new EvalError("only '.' or '[' may follow ']' in format field specifier");
            }
        }
        return value;
    }

    private Object first(String name) {
        int index;
        if (name.isEmpty()) {
            index = automatic < 0 ? mixed() : automatic++;
        } else if (isDigits(name)) {
            index = automatic > 0 ? mixed() : parseInt(name);
            automatic = -1;
        } else {
            if (!args.named().containsKey(name)) {
                throw new EvalError("no value for format field '" + name + "'");
            }
            return args.named().get(name);
        }
        if (index >= args.positional().size()) {
            throw new EvalError("Replacement index " + index + " out of range for positional args tuple");
        }
        return args.positional().get(index);
    }

    private static int mixed() {
        throw new EvalError("cannot mix automatic field numbering and manual field specification");
    }

    private static FormatSpec parse(String spec) {
        int i = 0;
        int fill = ' ';
        char align = 0;
        int second = spec.offsetByCodePoints(0, 1);
        if (second < spec.length() && "<>^=".indexOf(spec.charAt(second)) >= 0) {
            fill = spec.codePointAt(0);
            align = spec.charAt(second);
            i = second + 1;
        } else if ("<>^=".indexOf(spec.charAt(0)) >= 0) {
            align = spec.charAt(0);
            i = 1;
        }
        char sign = '-';
        if (i < spec.length() && "+- ".indexOf(spec.charAt(i)) >= 0) {
            sign = spec.charAt(i++);
        }
        boolean alternate = i < spec.length() && spec.charAt(i) == '#';
        i += alternate ? 1 : 0;
        if (i < spec.length() && spec.charAt(i) == '0' && align == 0) {
            fill = '0';
            align = '=';
            i++;
        }
        int start = i;
        i = digits(spec, i);
        int width = i > start ? parseInt(spec.substring(start, i)) : 0;
        char group = i < spec.length() && (spec.charAt(i) == ',' || spec.charAt(i) == '_') ? spec.charAt(i++) : 0;
        int precision = -1;
        if (i < spec.length() && spec.charAt(i) == '.') {
            start = i + 1;
            i = digits(spec, start);
            if (i == start) {
                throw new EvalError("Format specifier missing precision");
            }
            precision = parseInt(spec.substring(start, i));
        }
        char type = i < spec.length() ? spec.charAt(i++) : 0;
        if (i < spec.length()) {
            throw new EvalError("Invalid format specifier '" + spec + "'");
        }
        return new FormatSpec(fill, align, sign, alternate, width, group, precision, type);
    }

    private static int digits(String spec, int from) {
        int i = from;
        while (i < spec.length() && spec.charAt(i) >= '0' && spec.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private static boolean isDigits(String s) {
        return !s.isEmpty() && digits(s, 0) == s.length();
    }

    static int parseInt(String digits) {
        if (digits.length() > 9) {
            throw new EvalError("too many decimal digits in format string");
        }
        return Integer.parseInt(digits);
    }
}
