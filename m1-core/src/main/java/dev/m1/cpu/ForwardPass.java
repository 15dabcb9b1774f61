package dev.m1.cpu;

import dev.m1.cpu.WorkerPool.Task;
import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.KvLayout;
import dev.m1.cpu.kernels.KvStorage;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepPlan;
import dev.m1.spi.WeightSource;

/**
 * The decoder layers, as in {@code modeling_qwen2.py} of Hugging Face transformers: token ids in, hidden states out,
 * keys and values stored on the way. Every line of {@link #run} is one parallel region over tokens, or a product.
 */
final class ForwardPass {
    private final ModelSpec spec;
    private final Kernels kernels;
    private final WorkerPool pool;
    private final Scratch[] scratch; // [workers]
    private final KvCache cache;
    private final KvStorage storage;
    private final Attention attention;
    private final Products products;
    private final RopeTable rope;
    private final TensorReader embedding; // [vocab, hidden]
    private final LayerWeights[] layers;
    private final float[] hidden; // [tokens, hidden]: the residual stream
    private final float[] normed; // [tokens, hidden]
    private final float[] qkv; // [tokens, (heads + 2 * kvHeads) * headDim]
    private final float[] mixed; // [tokens, heads * headDim]
    private final float[] gateUp; // [tokens, 2 * intermediate]
    private final int qkvDim;
    private final int gateUpDim;

    // Regions, made once: a lambda made per step would be garbage per step.
    private final Task embed = this::embed;
    private final Task attentionNorm = this::attentionNorm;
    private final Task rotateAndStore = this::rotateAndStore;
    private final Task attend = this::attend;
    private final Task mlpNorm = this::mlpNorm;
    private final Task activate = this::activate;

    private StepPlan plan;
    private LayerWeights layer;
    private int tokens; // tokens the regions work on: all, and behind the last layer's cache only the wanted ones

    ForwardPass(
            ModelSpec spec,
            WeightSource weights,
            Matrices matrices,
            Limits limits,
            Kernels kernels,
            WorkerPool pool,
            Scratch[] scratch,
            Products products,
            KvCache cache) {
        this.spec = spec;
        this.kernels = kernels;
        this.pool = pool;
        this.scratch = scratch;
        this.products = products;
        this.cache = cache;
        storage = kernels.kv(limits.kvType(), cache.layout());
        attention = new Attention(spec, limits.maxStepTokens(), pool.size(), kernels, cache, storage);
        rope = new RopeTable(spec.rope(), spec.headDim(), limits.contextTokens());
        embedding = matrices.embeddings();
        layers = new LayerWeights[spec.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = LayerWeights.load(spec, weights, matrices, i);
        }
        qkvDim = spec.queryDim() + 2 * spec.kvDim();
        gateUpDim = 2 * spec.intermediateSize();
        int tokens = limits.maxStepTokens();
        hidden = new float[tokens * spec.hiddenSize()];
        normed = new float[tokens * spec.hiddenSize()];
        qkv = new float[tokens * qkvDim];
        mixed = new float[tokens * spec.queryDim()];
        gateUp = new float[tokens * gateUpDim];
    }

    /**
     * Runs the layers over the plan's tokens. Returns the hidden states {@code [wanted, hidden]} of the tokens whose
     * logits are wanted, in order, before the last norm.
     */
    float[] run(StepPlan step) {
        plan = step;
        tokens = step.tokens();
        int width = spec.hiddenSize();
        attention.planAll(step);
        pool.run(embed, tokens, 1);
        for (LayerWeights current : layers) {
            layer = current;
            pool.run(attentionNorm, tokens, 1);
            products.run(layer.qkv(), normed, width, tokens, qkv, false); // [Wq; Wk; Wv] normed + b
            pool.run(rotateAndStore, tokens, 1);
            if (layer.index() == layers.length - 1) {
                keepWanted();
            }
            pool.run(attend, attention.pieces(), 1);
            products.run(layer.output(), mixed, spec.queryDim(), tokens, hidden, true); // hidden += Wo mixed + b
            pool.run(mlpNorm, tokens, 1);
            products.run(layer.gateUp(), normed, width, tokens, gateUp, false); // [Wgate; Wup] normed + b
            pool.run(activate, tokens, 1);
            products.run(layer.down(), gateUp, gateUpDim, tokens, hidden, true); // hidden += Wdown gate + b
        }
        return hidden;
    }

    /** Nobody reads what the last layer makes of the other tokens: their keys and values are stored already. */
    private void keepWanted() {
        attention.planWanted(plan);
        tokens = plan.wantedCount();
        int n = spec.hiddenSize();
        for (int i = 0; i < tokens; i++) {
            System.arraycopy(hidden, plan.wantedToken(i) * n, hidden, i * n, n); // ascending, so nothing is lost
        }
    }

    /** hidden = embedding[id] */
    private void embed(int worker, int begin, int end) {
        int n = spec.hiddenSize();
        for (int t = begin; t < end; t++) {
            embedding.read((long) plan.id(t) * n, n, hidden, t * n);
        }
    }

    private void attentionNorm(int worker, int begin, int end) {
        norm(worker, layer.attentionNorm(), begin, end);
    }

    private void mlpNorm(int worker, int begin, int end) {
        norm(worker, layer.mlpNorm(), begin, end);
    }

    /** normed = RMSNorm(hidden) */
    private void norm(int worker, float[] gain, int begin, int end) {
        int n = spec.hiddenSize();
        for (int t = begin; t < end; t++) {
            RmsNorm.apply(kernels, hidden, t * n, gain, spec.rmsNormEps(), normed, t * n, scratch[worker].lanes);
        }
    }

    /** Queries and keys: norm (Qwen3) and rotation, in place. Keys and values: into the cache. */
    private void rotateAndStore(int worker, int begin, int end) {
        int headDim = spec.headDim();
        for (int t = begin; t < end; t++) {
            int position = plan.position(t);
            int block = plan.rowOf(t).blockTable()[position / KvLayout.BLOCK];
            int slot = position % KvLayout.BLOCK;
            int head = t * qkvDim;
            for (int h = 0; h < spec.heads(); h++, head += headDim) {
                normAndRotate(worker, head, layer.queryNorm(), position);
            }
            for (int h = 0; h < spec.kvHeads(); h++, head += headDim) {
                normAndRotate(worker, head, layer.keyNorm(), position);
                storage.putKey(cache.pool(), cache.keys(block, layer.index(), h), slot, qkv, head);
            }
            for (int h = 0; h < spec.kvHeads(); h++, head += headDim) {
                storage.putValue(cache.pool(), cache.values(block, layer.index(), h), slot, qkv, head);
            }
        }
    }

    private void normAndRotate(int worker, int head, float[] gain, int position) {
        if (gain != null) {
            RmsNorm.apply(kernels, qkv, head, gain, spec.rmsNormEps(), qkv, head, scratch[worker].lanes);
        }
        rope.rotate(qkv, head, position);
    }

    /** mixed = softmax(q k / sqrt(headDim)) v */
    private void attend(int worker, int begin, int end) {
        attention.run(scratch[worker], layer.index(), qkv, mixed, begin, end);
    }

    /** gate = silu(gate) * up */
    private void activate(int worker, int begin, int end) {
        int n = spec.intermediateSize();
        for (int t = begin; t < end; t++) {
            kernels.siluTimes(gateUp, t * 2 * n, t * 2 * n + n, n);
        }
    }
}
