package dev.m1.cuda.ptx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernels of a PTX text. Each is decoded when it is first asked for. Used by one thread. */
public final class PtxModule {
    private static final Pattern TARGET = Pattern.compile("\\.target sm_(\\d+)");

    private final Map<String, PtxParser.Entry> entries;
    private final Map<String, PtxKernel> kernels = new LinkedHashMap<>();

    /** @throws PtxException if the text has instructions that its target lacks */
    public PtxModule(String text) {
        Matcher target = TARGET.matcher(text);
        if (text.contains("griddepcontrol") && (!target.find() || Integer.parseInt(target.group(1)) < 90)) {
            throw new PtxException("griddepcontrol came with sm_90");
        }
        entries = PtxParser.entries(text);
    }

    /** Names of the kernels, in order. */
    public Set<String> names() {
        return entries.keySet();
    }

    PtxKernel kernel(String name) {
        PtxParser.Entry entry = entries.get(name);
        if (entry == null) {
            throw new PtxException("no kernel " + name + " in " + entries.keySet());
        }
        return kernels.computeIfAbsent(name, n -> PtxParser.parse(entry));
    }
}
