package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.kernels.Activations;
import dev.m1.cuda.kernels.Attention;
import dev.m1.cuda.kernels.Bucket;
import dev.m1.cuda.kernels.Embedding;
import dev.m1.cuda.kernels.Kernels;
import dev.m1.cuda.kernels.KvPool;
import dev.m1.cuda.kernels.KvTarget;
import dev.m1.cuda.kernels.Likeliest;
import dev.m1.cuda.kernels.Linear;
import dev.m1.cuda.kernels.LinearMaker;
import dev.m1.cuda.kernels.LinearOutput;
import dev.m1.cuda.kernels.Operation;
import dev.m1.cuda.kernels.RopeAppend;
import dev.m1.cuda.kernels.Sample;
import dev.m1.cuda.kernels.StepInput;
import dev.m1.cuda.kernels.TopLogprobs;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepRow;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * The decoder layers, as in {@code modeling_qwen2.py} of Hugging Face transformers, as a list of kernels whose
 * arguments are laid out once. What a step is about, they read on the device.
 */
final class ForwardPass {
    /** Blocks of a multiprocessor that are worth having at once. */
    private static final int BLOCKS_PER_MULTIPROCESSOR = 4;

    private final List<Operation> layers = new ArrayList<>(); // tokens to hidden states
    private final List<Operation> head = new ArrayList<>(); // hidden states to logits and ids

    /**
     * @param weights address of the weights' arena
     * @param buffers address of the working memory
     * @param linears how the layers' matrices are multiplied
     * @param fusedAppend whether their results go on to the cache where they can, without a kernel in between
     */
    ForwardPass(
            ModelSpec spec,
            PackedModel model,
            long weights,
            KvPool pool,
            BufferPlan plan,
            long buffers,
            Kernels kernels,
            LinearMaker linears,
            boolean fusedAppend,
            int multiprocessors,
            Arena arena) {
        Activations hidden = plan.hidden(buffers);
        Activations qkv = plan.qkv(buffers);
        Activations mixed = plan.mixed(buffers);
        Activations act = plan.act(buffers);
        Activations logits = plan.logits(buffers);
        StepInput step = plan.input(buffers);
        float eps = spec.rmsNormEps();
        int workers = BLOCKS_PER_MULTIPROCESSOR * multiprocessors / spec.kvHeads() + 1;

        Likeliest likeliest = plan.likeliest(buffers);
        layers.add(new Embedding(kernels, arena, model.embedding().at(weights), step, hidden, likeliest));
        for (int i = 0; i < spec.layers(); i++) {
            PackedLayer w = model.layers().get(i);
            // qkv = [Wq; Wk; Wv] norm(hidden) + b. Queries and keys: norm (Qwen3) and rotation. Keys and values: into
            // the cache. A norm needs a whole head, which no block of a product has.
            KvTarget kv = new KvTarget(plan.rope(buffers), step, pool, i, spec.heads());
            boolean fused = fusedAppend && !spec.qkNorm();
            layers.add(linears.make(
                    w.qkv().at(weights), at(w.qkvBias(), weights), hidden, at(w.attentionNorm(), weights), eps,
                    fused ? LinearOutput.rotateAppend(qkv, kv) : LinearOutput.store(qkv)));
            if (!fused) {
                layers.add(new RopeAppend(
                        kernels, arena, qkv, at(w.queryNorm(), weights), at(w.keyNorm(), weights), eps, kv));
            }
            // mixed = softmax(q k / sqrt(headDim)) v
            layers.add(new Attention(
                    kernels, arena, qkv, pool, i, spec.heads(), step, mixed, plan.partials(buffers),
                    plan.counters(buffers), workers, plan.splits()));
            // hidden += Wo mixed + b
            layers.add(linears.make(
                    w.output().at(weights), at(w.outputBias(), weights), mixed, 0, eps, LinearOutput.add(hidden)));
            // act = silu(Wgate norm(hidden) + b) * (Wup norm(hidden) + b)
            layers.add(linears.make(
                    w.gateUp().at(weights), at(w.gateUpBias(), weights), hidden, at(w.mlpNorm(), weights), eps,
                    LinearOutput.siluTimes(act)));
            // hidden += Wdown act + b
            layers.add(linears.make(
                    w.down().at(weights), at(w.downBias(), weights), act, 0, eps, LinearOutput.add(hidden)));
        }
        // logits = Whead norm(hidden of the wanted tokens), and the likeliest of them
        head.add(Linear.overWanted(
                kernels, arena, model.head().at(weights), hidden, model.outputNorm().at(weights), eps, logits,
                likeliest, step));
        long results = plan.results(buffers);
        Results at = plan.results();
        head.add(new Sample(
                kernels, arena, logits, likeliest, plan.sampling(buffers), results + at.sampled(), step));
        head.add(new TopLogprobs(
                kernels, arena, logits, StepRow.MAX_TOP, results + at.topIds(), results + at.topLogprobs(), step));
    }

    private static long at(PackedVector vector, long arena) {
        return vector == null ? 0 : vector.at(arena);
    }

    /** Puts the whole pass into a stream; the head only if the bucket has wanted rows. */
    void enqueue(CudaStream stream, Bucket bucket) {
        for (Operation operation : layers) {
            operation.enqueue(stream, bucket);
        }
        if (bucket.wanted() > 0) {
            for (Operation operation : head) {
                operation.enqueue(stream, bucket);
            }
        }
    }
}
