package dev.m1.chat.jinja;

import java.math.BigInteger;
import java.util.Set;

/** {@code value.name}, {@code value[key]} and {@code value[a:b:c]}, as jinja2's sandbox resolves them. */
final class Members {
    /** Answers "Python has no such attribute", as None is a value. */
    private static final Object MISSING = new Object();

    private static final Set<String> LIST_MUTATORS =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> DICT_MUTATORS = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> NUMBER_ATTRIBUTES = Set.of("real", "imag", "numerator", "denominator", "conjugate",
            "bit_length", "bit_count", "to_bytes", "from_bytes", "as_integer_ratio", "is_integer", "hex", "fromhex");

    private Members() {}

    /** {@code value.name}: Python's attribute first, then the item. */
    static Object attribute(Frame frame, Object value, String name) {
        if (value instanceof Undefined u) {
            throw u.error();
        }
        Object found = pythonAttribute(value, name);
        if (found != MISSING) {
            return found;
        }
        if (value instanceof DictValue dict) {
            DictValue.Entry entry = dict.find(name);
            if (entry != null) {
                return entry.value();
            }
        }
        return Undefined.member(value, Text.plain(name));
    }

    /** {@code value|attr("name")}: no items. */
    static Object attributeOnly(Object value, String name) {
        if (value instanceof Undefined u) {
            throw u.error();
        }
        Object found = pythonAttribute(value, name);
        return found == MISSING ? Undefined.member(value, Text.plain(name)) : found;
    }

    /** {@code value[key]}: the item first, then Python's attribute. */
    static Object item(Frame frame, Object value, Object key) {
        Object found = switch (value) {
            case Undefined u -> throw u.error();
            case DictValue d -> {
                DictValue.Entry entry = key instanceof ListValue || key instanceof DictValue ? null : d.find(key);
                yield entry == null ? MISSING : entry.value();
            }
            case SequenceValue s -> {
                int i = index(key, s.size());
                yield i < 0 ? MISSING : s.get(i);
            }
            case Text t -> {
                frame.budget.scan(t.hasPairs() ? 2L * t.length() : 0);
                int i = isIndex(key) ? index(key, t.codePoints()) : -1;
                yield i < 0 ? MISSING : t.slice(t.offset(i), t.offset(i + 1));
            }
            case null, default -> MISSING;
        };
        if (found == MISSING && key instanceof Text name) {
            found = pythonAttribute(value, name.string());
        }
        return found == MISSING ? Undefined.member(value, key) : found;
    }

    private static boolean isIndex(Object key) {
        return Types.isInteger(key) || key instanceof Boolean;
    }

    /** Index in {@code [0, size)}, or -1 where Python raises a TypeError or IndexError. */
    private static int index(Object key, int size) {
        if (!isIndex(key) || key instanceof BigInteger) {
            return -1;
        }
        long i = Types.toLong(key, "index");
        long at = i < 0 ? i + size : i;
        return at >= 0 && at < size ? (int) at : -1;
    }

    private static Object pythonAttribute(Object value, String name) {
        if (name.startsWith("__")) {
            return MISSING;
        }
        return switch (value) {
            case Text t -> bound(StringMethods.find(name), value, name);
            case ListValue l -> mutator(LIST_MUTATORS, value, name, SequenceMethods.find(name));
            case TupleValue t when t.isGroup() && name.equals("grouper") -> t.get(0);
            case TupleValue t when t.isGroup() && name.equals("list") -> t.get(1);
            case TupleValue t -> bound(SequenceMethods.find(name), value, name);
            case RangeValue r -> switch (name) {
                case "start" -> r.start();
                case "stop" -> r.stop();
                case "step" -> r.step();
                default -> bound(SequenceMethods.find(name), value, name);
            };
            case DictValue d -> mutator(DICT_MUTATORS, value, name, DictMethods.find(name));
            case NamespaceValue n -> {
                DictValue.Entry entry = n.attributes().find(name);
                yield entry == null ? MISSING : entry.value();
            }
            case LoopValue l -> l.attribute(name, MISSING);
            case MacroValue m when name.equals("name") -> m.name() == null ? null : Text.plain(m.name());
            case MacroValue m when Set.of("arguments", "catch_kwargs", "catch_varargs", "caller").contains(name) ->
                throw unsupported(value, name);
            case Number n when NUMBER_ATTRIBUTES.contains(name) -> throw unsupported(value, name);
            case null, default -> MISSING;
        };
    }

    @SuppressWarnings("unchecked") // a method is only looked up for the type that has it
    private static Object bound(BoundMethod.Method<?> method, Object self, String name) {
        return method == null ? MISSING : new BoundMethod(self, name, (BoundMethod.Method<Object>) method);
    }

    private static Object mutator(Set<String> names, Object value, String name, BoundMethod.Method<?> method) {
        return names.contains(name)
                ? new Undefined("access to attribute '" + name + "' of '" + Types.name(value) + "' object is unsafe.")
                : bound(method, value, name);
    }

    private static EvalError unsupported(Object value, String name) {
        return new EvalError("attribute '" + name + "' of " + Types.name(value) + " is not supported");
    }

    /** {@code value[start:stop:step]}; null stands for a part that was left out. */
    static Object slice(Frame frame, Object value, Object start, Object stop, Object step) {
        if (value instanceof Undefined u) {
            throw u.error();
        }
        if (!(value instanceof Text) && !(value instanceof SequenceValue)) {
            throw new EvalError("'" + Types.name(value) + "' object cannot be sliced");
        }
        long by = step == null ? 1 : Types.toLong(step, "slice step");
        if (by == 0) {
            throw new EvalError("slice step cannot be zero");
        }
        frame.budget.scan(value instanceof Text t && t.hasPairs() ? 3L * t.length() : 0);
        int size = value instanceof Text t ? t.codePoints() : ((SequenceValue) value).size();
        long from = start == null ? (by > 0 ? 0 : size - 1) : bound(Types.toLong(start, "slice index"), size, by);
        long to = stop == null ? (by > 0 ? size : -1) : bound(Types.toLong(stop, "slice index"), size, by);
        // Steps beyond the size all pick at most one item; clamped so that the arithmetic cannot overflow.
        long stride = Math.max(-size - 1L, Math.min(size + 1L, by));
        int count = (int) Math.max(0, stride > 0 ? Math.ceilDiv(to - from, stride) : Math.ceilDiv(from - to, -stride));
        if (value instanceof SequenceValue s) {
            frame.budget.steps(count / 4);
            return s.slice(from, to, stride, count);
        }
        return slice(frame, (Text) value, (int) from, (int) stride, count);
    }

    /** Python's clamping of a slice bound. */
    private static long bound(long index, int size, long step) {
        long i = index < 0 ? index + size : index;
        return step > 0 ? Math.max(0, Math.min(size, i)) : Math.max(-1, Math.min(size - 1L, i));
    }

    private static Text slice(Frame frame, Text text, int from, int step, int count) {
        if (step == 1) {
            return frame.slice(text, text.offset(count == 0 ? 0 : from), text.offset(count == 0 ? 0 : from + count));
        }
        TextBuilder out = frame.builder();
        int at = count == 0 ? 0 : text.offset(from);
        String s = text.string();
        for (int i = 0; i < count; i++) {
            out.append(text, at, at + Character.charCount(s.codePointAt(at)));
            at = i + 1 < count ? s.offsetByCodePoints(at, step) : at;
        }
        return out.toText().withSafe(text.safe());
    }
}
