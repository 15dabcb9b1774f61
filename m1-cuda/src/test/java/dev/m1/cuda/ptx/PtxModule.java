package dev.m1.cuda.ptx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The kernels of a PTX text. Each is decoded when it is first asked for. Used by one thread. */
public final class PtxModule {
    private final Map<String, PtxParser.Entry> entries;
    private final Map<String, PtxKernel> kernels = new LinkedHashMap<>();

    public PtxModule(String text) {
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
