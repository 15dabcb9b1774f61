package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.Workspace;
import dev.m1.cuda.kernels.GemmBuckets;
import dev.m1.cuda.kernels.GemmBuffers;
import dev.m1.cuda.kernels.GemmLinear;
import dev.m1.cuda.kernels.Gemms;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import java.util.List;

/** Whether a library multiplies the matrices of large steps, which of them, and in what memory. */
final class PrefillPlan {
    private final Prefill prefill;
    private final int leastTokens;
    private final int mostTokens;
    private final long matrices; // of the layers
    private final long taken; // of these, by the library
    private int rows; // of the largest bucket
    private long parts;
    private long product;
    private long workspace;

    private PrefillPlan(PackedModel model, Limits limits) {
        prefill = CudaOptions.prefill(limits);
        leastTokens = CudaOptions.prefillTokens(limits);
        mostTokens = limits.maxStepTokens();
        List<PackedMatrix> all = model.layers().stream()
                .flatMap(layer -> layer.parts().stream())
                .filter(PackedMatrix.class::isInstance)
                .map(PackedMatrix.class::cast)
                .toList();
        matrices = all.size();
        taken = all.stream().filter(m -> GemmLinear.takes(m.type())).count();
    }

    /** Takes the memory that is needed. */
    static PrefillPlan of(PackedModel model, ModelSpec spec, Limits limits, Layout layout) {
        PrefillPlan plan = new PrefillPlan(model, limits);
        if (plan.used()) {
            int inputs = Math.max(Math.max(spec.hiddenSize(), spec.queryDim()), spec.intermediateSize());
            long outputs = Math.max(
                    Math.max(spec.queryDim() + 2L * spec.kvDim(), spec.hiddenSize()), 2L * spec.intermediateSize());
            plan.rows = GemmBuckets.mostRows(limits.maxStepTokens());
            plan.parts = layout.take((long) plan.prefill.parts() * plan.rows * Layout.stride(inputs) * Short.BYTES);
            plan.product = layout.take(
                    (long) plan.rows * GemmLinear.stride(Math.toIntExact(outputs)) * Float.BYTES);
            plan.workspace = layout.take(Gemms.WORKSPACE_BYTES);
        }
        return plan;
    }

    /** Whether the option asks for a library at all. */
    boolean wanted() {
        return prefill != Prefill.KERNELS;
    }

    /** The option with its value. */
    String option() {
        return CudaOptions.PREFILL + "=" + prefill.value();
    }

    /** Whether it has anything to do. */
    boolean used() {
        return wanted() && taken > 0 && leastTokens <= mostTokens;
    }

    int leastTokens() {
        return leastTokens;
    }

    int mostTokens() {
        return mostTokens;
    }

    /** The memory, of a plan that is used. */
    GemmBuffers buffers(long base) {
        return new GemmBuffers(
                base + parts, prefill.parts(), base + product, rows,
                new Workspace(base + workspace, Gemms.WORKSPACE_BYTES));
    }

    /** What happens, for people. */
    String describe(String version) {
        if (taken == 0) {
            return "prefill: kernels, no matrix is bfloat16, which " + prefill.value() + " needs";
        }
        if (!used()) {
            return "prefill: kernels, no step has the " + leastTokens + " tokens that " + prefill.value()
                    + " begins with";
        }
        String rest = taken == matrices ? "" : ", kernels for " + (matrices - taken) + " of " + matrices
                + " matrices that are not bfloat16";
        return "prefill from " + leastTokens + " tokens: " + prefill.value() + " " + version + rest;
    }
}
