package dev.m1;

import dev.m1.chat.ChatTemplate;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.engine.Engine;
import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.errors.CapacityException;
import dev.m1.errors.ModelClosedException;
import dev.m1.errors.TemplateException;
import dev.m1.errors.TokenizerException;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open checkpoint, ready to run in this process: weights mapped, backend chosen, engine thread waiting. Thread-safe;
 * close it to give everything back.
 */
public final class LanguageModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LanguageModel.class);

    private final Checkpoint checkpoint;
    private final Tokenizer tokenizer; // null without tokenizer.json
    private final ChatTemplate template; // null without a template
    private final Backends.Opened backend;
    private final Engine engine;
    private final Limits limits;
    private final ProtocolDetector.Detected protocol;
    private final int[] eosIds;
    private boolean closed; // guarded by this

    private LanguageModel(
            Checkpoint checkpoint, Tokenizer tokenizer, ChatTemplate template, Limits limits, Backends.Opened backend) {
        this.checkpoint = checkpoint;
        this.tokenizer = tokenizer;
        this.template = template;
        this.limits = limits;
        this.backend = backend;
        this.protocol = ProtocolDetector.detect(tokenizer, template);
        this.eosIds = eosIds(checkpoint);
        this.engine = new Engine(backend.decoder(), checkpoint.spec().vocabSize(), limits);
    }

    /** Opens a Hugging Face checkpoint directory with everything automatic. */
    public static LanguageModel open(Path directory) {
        return open(directory, ModelOptions.defaults());
    }

    /**
     * Opens a Hugging Face checkpoint directory.
     *
     * @throws dev.m1.errors.CheckpointException if a file is missing, broken, or of an unsupported kind
     * @throws dev.m1.errors.TokenizerException if there is a tokenizer.json that cannot be used
     * @throws dev.m1.errors.TemplateException if there is a chat template that does not parse
     * @throws dev.m1.errors.BackendException if the backend is missing or cannot hold the model
     * @throws IllegalArgumentException if the options ask for more context than the checkpoint supports
     */
    public static LanguageModel open(Path directory, ModelOptions options) {
        return open(directory, options, decoder -> decoder);
    }

    /** With a look at, or a wrapper around, the decoder. */
    static LanguageModel open(Path directory, ModelOptions options, UnaryOperator<Decoder> wrap) {
        Checkpoint checkpoint = Checkpoint.open(directory);
        try {
            Limits limits = limits(checkpoint.spec(), options);
            Tokenizer tokenizer = Files.exists(directory.resolve("tokenizer.json")) ? Tokenizer.load(directory) : null;
            ChatTemplate template = ChatTemplate.find(directory).orElse(null);
            Backends.Opened backend = Backends.open(options.backend(), checkpoint.spec(), checkpoint.weights(), limits)
                    .wrapped(wrap);
            try {
                return new LanguageModel(checkpoint, tokenizer, template, limits, backend);
            } catch (Throwable t) {
                backend.decoder().close();
                throw t;
            }
        } catch (Throwable t) {
            checkpoint.close();
            throw t;
        }
    }

    private static Limits limits(ModelSpec spec, ModelOptions o) {
        if (o.contextTokens() > spec.contextLength()) {
            throw new IllegalArgumentException("contextTokens " + o.contextTokens() + " is above the "
                    + spec.contextLength() + " positions the checkpoint supports");
        }
        int context = o.contextTokens() > 0
                ? o.contextTokens()
                : Math.min(spec.contextLength(), ModelOptions.DEFAULT_CONTEXT);
        long kvTokens = o.kvTokens() > 0 ? o.kvTokens() : context;
        int threads = o.threads() > 0 ? o.threads() : Runtime.getRuntime().availableProcessors();
        return new Limits(
                context,
                o.maxSequences(),
                o.maxStepTokens(),
                kvTokens,
                o.kvType(),
                o.weights(),
                threads,
                o.backendOptions());
    }

    /** Of the ids the files name, those that can be sampled. */
    private static int[] eosIds(Checkpoint checkpoint) {
        int[] named = checkpoint.generation().eosIds();
        int vocab = checkpoint.spec().vocabSize();
        int[] usable = Arrays.stream(named).filter(id -> id < vocab).toArray();
        if (usable.length < named.length) {
            LOG.warn(
                    "{}: EOS ids {} are partly outside the vocabulary of {} and never end a text there",
                    checkpoint.directory(),
                    named,
                    vocab);
        }
        return usable;
    }

    /** What this model is and runs on. */
    public ModelInfo info() {
        return new ModelInfo(
                checkpoint.spec(),
                backend.name(),
                backend.decoder().description(),
                backend.reason(),
                backend.decoder().memory(),
                limits.contextTokens(),
                limits.maxSequences(),
                protocol.protocol().name(),
                protocol.reason());
    }

    /** What the engine is doing: running and waiting sequences, KV use, speed. Cheap, from any thread. */
    public EngineMetrics metrics() {
        return EngineMetrics.of(engine.snapshot());
    }

    /**
     * The checkpoint's tokenizer.
     *
     * @throws TokenizerException if it has none
     */
    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            throw new TokenizerException("no tokenizer.json in " + checkpoint.directory());
        }
        return tokenizer;
    }

    /**
     * The checkpoint's chat template.
     *
     * @throws TemplateException if it has none
     */
    public ChatTemplate chatTemplate() {
        if (template == null) {
            throw new TemplateException("no chat template in " + checkpoint.directory());
        }
        return template;
    }

    /** Ids that end a text, from generation_config.json and config.json; ids outside the vocabulary are left out. */
    public int[] eosIds() {
        return eosIds.clone();
    }

    /**
     * Generates from ids, blocking. Interrupting the caller cancels.
     *
     * @throws IllegalArgumentException if the prompt is empty or an id is not in the vocabulary
     * @throws CapacityException if prompt and new tokens exceed the context; both numbers are named
     */
    public Generation generate(int[] prompt, GenerationOptions options) {
        checkPrompt(prompt);
        requireRoom(prompt.length, options.maxNewTokens());
        BitSet stops = new BitSet();
        if (!options.ignoreEos()) {
            Arrays.stream(eosIds()).forEach(stops::set);
        }
        GenerationRun run = new GenerationRun(tokenizer, stops, prompt.length, options.maxNewTokens());
        int maxTokens = prompt.length + options.maxNewTokens();
        Sequence sequence = new Sequence(prompt, prompt.length, maxTokens, options.sampling(), 0, run);
        submit(sequence, run);
        return Blocking.await(run.result(), () -> engine.cancel(sequence));
    }

    /**
     * Raw logits {@code [vocab]} of the token after {@code ids}, blocking.
     *
     * @throws IllegalArgumentException if there are no ids or one is not in the vocabulary
     * @throws CapacityException if they exceed the context
     */
    public float[] nextTokenLogits(int[] ids) {
        checkPrompt(ids);
        requireRoom(ids.length, 0);
        LogitsRun run = new LogitsRun(ids.length);
        Sequence sequence = new Sequence(ids, ids.length, ids.length, Sampling.greedy(), 0, run);
        sequence.wantLogits(new float[vocabSize()]);
        submit(sequence, run);
        return Blocking.await(run.result(), () -> engine.cancel(sequence));
    }

    private void submit(Sequence sequence, SequenceDriver run) {
        try {
            engine.submit(sequence);
        } catch (RuntimeException e) {
            run.onEnd(sequence, SequenceEnd.FAILED, e);
            throw e;
        }
    }

    /**
     * Ends the engine, failing what is in flight with {@link ModelClosedException}, and frees everything. May be called
     * twice.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        engine.close();
        backend.decoder().close();
        checkpoint.close();
    }

    Engine engine() {
        return engine;
    }

    /** Longest sequence that the context and the KV pool have room for. */
    int contextTokens() {
        KvGeometry kv = backend.decoder().kv();
        return (int) Math.min(limits.contextTokens(), (long) kv.blocks() * kv.blockTokens());
    }

    /** Rows of the embedding table, and length of logits. */
    int vocabSize() {
        return checkpoint.spec().vocabSize();
    }

    ProtocolDetector.Detected detectedProtocol() {
        return protocol;
    }

    void checkPrompt(int[] ids) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("the prompt is empty: at least 1 token is needed");
        }
        int vocab = vocabSize();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocab) {
                throw new IllegalArgumentException(
                        "token id " + ids[i] + " at index " + i + " is outside the vocabulary 0 … " + (vocab - 1));
            }
        }
    }

    private void requireRoom(int prompt, int newTokens) {
        if ((long) prompt + newTokens > limits.contextTokens()) {
            throw new CapacityException("the prompt has " + prompt + " tokens and " + newTokens
                    + " more are asked for; the context has " + limits.contextTokens());
        }
    }
}
