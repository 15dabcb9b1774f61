package dev.m1.cuda.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the PTX that nvcc writes. Everything it does not know is an error. */
final class PtxParser {
    private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+([\\w$]+)\\s*\\(([^)]*)\\)[^{;]*\\{");
    private static final Pattern VARIABLE =
            Pattern.compile("(?:\\.align (\\d+) )?\\.([a-z]+\\d+)\\s+([\\w$]+)(?:\\[(\\d*)\\])?");
    private static final Pattern LABEL = Pattern.compile("([$\\w]+):");
    private static final Pattern SPECIAL = Pattern.compile("%(tid|ntid|ctaid|nctaid)\\.[xyz]|%laneid");
    private static final Pattern FLOAT = Pattern.compile("0[fF][0-9a-fA-F]{8}");
    private static final Pattern DOUBLE = Pattern.compile("0[dD][0-9a-fA-F]{16}");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d+U?");
    private static final Pattern HEXADECIMAL = Pattern.compile("-?0x[0-9a-fA-F]+U?");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final Map<String, Integer> moduleShared = new LinkedHashMap<>(); // offset, of every kernel's shared memory
    private int moduleSharedBytes;

    private final Map<String, Operand> symbols = new HashMap<>();
    private final Map<String, Integer> registers = new HashMap<>();
    private int sharedBytes;

    /**
     * A kernel's text.
     *
     * @param before what stands before it in the module, where shared memory of all kernels is declared
     */
    record Entry(String name, String parameters, String body, String before) {}

    /** The kernels of a module, by name. */
    static Map<String, Entry> entries(String module) {
        String text = module.replaceAll("//[^\n]*", "");
        Map<String, Entry> entries = new LinkedHashMap<>();
        Matcher entry = ENTRY.matcher(text);
        StringBuilder before = new StringBuilder();
        int at = 0;
        while (entry.find(at)) {
            before.append(text, at, entry.start());
            int end = closing(text, entry.end() - 1);
            String name = entry.group(1);
            String body = text.substring(entry.end(), end);
            entries.put(name, new Entry(name, entry.group(2), body, before.toString()));
            at = end;
        }
        return entries;
    }

    static PtxKernel parse(Entry entry) {
        PtxParser parser = new PtxParser();
        parser.declareModuleShared(entry.before());
        return parser.kernel(entry.name(), entry.parameters(), entry.body());
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new PtxException("no end of the block that begins at " + open);
    }

    private void declareModuleShared(String text) {
        for (String statement : text.split(";")) {
            int at = statement.indexOf(".shared");
            if (at >= 0) {
                moduleSharedBytes = declare(statement.substring(at + 7).trim(), moduleSharedBytes, moduleShared);
            }
        }
    }

    /** Places a variable; returns the end of what is used then. An array of no length is dynamic shared memory. */
    private static int declare(String declaration, int used, Map<String, Integer> places) {
        Matcher m = VARIABLE.matcher(declaration);
        if (!m.find()) {
            throw new PtxException("variable: " + declaration);
        }
        int size = PtxType.of(m.group(2)).bytes();
        int align = m.group(1) == null ? size : Integer.parseInt(m.group(1));
        if (m.group(4) != null && m.group(4).isEmpty()) {
            places.put(m.group(3), -1);
            return used;
        }
        int offset = (used + align - 1) / align * align;
        places.put(m.group(3), offset);
        return offset + size * (m.group(4) == null ? 1 : Integer.parseInt(m.group(4)));
    }

    private PtxKernel kernel(String name, String parameterList, String body) {
        List<PtxKernel.Parameter> parameters = parameters(parameterList);
        parameters.forEach(p -> symbols.put(p.name(), new Operand.Immediate(p.offset())));
        sharedBytes = moduleSharedBytes;
        Map<String, Integer> shared = new LinkedHashMap<>(moduleShared);
        Map<String, Integer> labels = new HashMap<>();
        List<String> statements = statements(body, labels, shared);
        int dynamic = (sharedBytes + 127) / 128 * 128;
        shared.forEach((n, offset) -> symbols.put(n, new Operand.Immediate(offset < 0 ? dynamic : offset)));
        Instruction[] instructions = new Instruction[statements.size()];
        for (int i = 0; i < instructions.length; i++) {
            instructions[i] = instruction(statements.get(i), labels);
        }
        return new PtxKernel(name, parameters, instructions, registers.size(), dynamic);
    }

    private static List<PtxKernel.Parameter> parameters(String list) {
        List<PtxKernel.Parameter> parameters = new ArrayList<>();
        int offset = 0;
        for (String text : list.split(",")) {
            Matcher m = VARIABLE.matcher(text.trim().replaceFirst("^\\.param\\s+", ""));
            if (!m.find()) {
                continue; // no parameters at all
            }
            int size = PtxType.of(m.group(2)).bytes();
            int bytes = size * (m.group(4) == null ? 1 : Integer.parseInt(m.group(4)));
            int align = m.group(1) == null ? size : Integer.parseInt(m.group(1));
            offset = (offset + align - 1) / align * align;
            parameters.add(new PtxKernel.Parameter(m.group(3), offset, bytes));
            offset += bytes;
        }
        return parameters;
    }

    /** The instructions of a body; braces around inline assembly only limit the reach of names. */
    private List<String> statements(String body, Map<String, Integer> labels, Map<String, Integer> shared) {
        List<String> statements = new ArrayList<>();
        int at = 0;
        while (at < body.length()) {
            char c = body.charAt(at);
            if (Character.isWhitespace(c) || c == ';' || c == '{' || c == '}') {
                at++;
                continue;
            }
            Matcher label = LABEL.matcher(body).region(at, body.length());
            if (label.lookingAt()) {
                labels.put(label.group(1), statements.size());
                at = label.end();
                continue;
            }
            int end = body.indexOf(';', at);
            String statement = SPACE.matcher(body.substring(at, end).trim()).replaceAll(" ");
            at = end + 1;
            if (statement.startsWith(".shared")) {
                sharedBytes = declare(statement.substring(7).trim(), sharedBytes, shared);
            } else if (!statement.startsWith(".")) {
                statements.add(statement);
            }
        }
        return statements;
    }

    private Instruction instruction(String text, Map<String, Integer> labels) {
        int guard = -1;
        boolean unless = false;
        String rest = text;
        if (rest.startsWith("@")) {
            int space = rest.indexOf(' ');
            unless = rest.charAt(1) == '!';
            guard = register(rest.substring(unless ? 2 : 1, space));
            rest = rest.substring(space + 1);
        }
        int space = rest.indexOf(' ');
        String opcode = space < 0 ? rest : rest.substring(0, space);
        List<Operand> operands = new ArrayList<>();
        if (space >= 0) {
            split(rest.substring(space + 1)).forEach(o -> operands.add(operand(o)));
        }
        int target = -1;
        if (opcode.startsWith("bra")) {
            Integer found = labels.get(((Operand.Label) operands.get(0)).name());
            if (found == null) {
                throw new PtxException("no label for " + text);
            }
            target = found;
        }
        try {
            return InstructionDecoder.decode(text, guard, unless, opcode, operands, target);
        } catch (PtxException | IndexOutOfBoundsException | NullPointerException e) {
            throw new PtxException(text + ": " + e);
        }
    }

    private static List<String> split(String operands) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < operands.length(); i++) {
            char c = operands.charAt(i);
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (depth == 0 && (c == ',' || c == '|')) {
                parts.add(operands.substring(start, i).trim());
                start = i + 1;
            }
        }
        parts.add(operands.substring(start).trim());
        return parts;
    }

    private int register(String name) {
        return registers.computeIfAbsent(name, n -> registers.size());
    }

    private Operand operand(String text) {
        if (text.startsWith("[")) {
            String inside = text.substring(1, text.length() - 1).trim();
            int plus = inside.lastIndexOf('+');
            return plus < 0
                    ? new Operand.Address(operand(inside), 0)
                    : new Operand.Address(
                            operand(inside.substring(0, plus)), Long.parseLong(inside.substring(plus + 1).trim()));
        }
        if (text.startsWith("{")) {
            return new Operand.Vector(
                    split(text.substring(1, text.length() - 1)).stream().map(this::operand).toList());
        }
        if (text.startsWith("%")) {
            return SPECIAL.matcher(text).matches()
                    ? new Operand.Special(text)
                    : new Operand.Register(register(text));
        }
        if (FLOAT.matcher(text).matches()) {
            return new Operand.Immediate(Long.parseLong(text.substring(2), 16));
        }
        if (DOUBLE.matcher(text).matches()) {
            return new Operand.Immediate(Long.parseUnsignedLong(text.substring(2), 16));
        }
        if (DECIMAL.matcher(text).matches()) {
            return new Operand.Immediate(Long.parseLong(text.replace("U", "")));
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return new Operand.Immediate(Long.decode(text.replace("U", "")));
        }
        Operand symbol = symbols.get(text);
        if (symbol != null) {
            return symbol;
        }
        // Inline assembly may name its own registers without a percent sign; whatever else is a label.
        return new Operand.Label(text);
    }
}
