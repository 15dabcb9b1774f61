package dev.m1.thinking;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How thinking is framed in the token stream, as data: what opens it, what ends it, what is appended to close it and to
 * extend it. The built-in protocols are constants; hosts make their own with {@link #builder}.
 */
public final class ThinkingProtocol {
    /** How a Wait is set off from the text before it. */
    public enum WaitSpacing {
        /** A space, unless the text is empty or ends with white space. */
        SPACE_UNLESS_WHITESPACE,
        /** Nothing. */
        NONE
    }

    /** What the cap on thinking applies to. */
    public enum RoundBudget {
        /** All rounds together. */
        REMAINING,
        /** Each round between Waits anew. */
        FULL
    }

    /** How injected text joins the sequence. */
    public enum Join {
        /** Its ids are appended; what is in the KV cache stays. */
        TOKENS,
        /**
         * The whole text is encoded again, so that tokens may merge across the joint; the KV cache is kept up to the
         * longest common prefix.
         */
        TEXT
    }

    /** The m1 paper's format, with the original's quirks mended. */
    public static final ThinkingProtocol M1 = m1("M1").build();

    /** The m1 paper's format as its evaluation code runs it, quirks included. */
    public static final ThinkingProtocol M1_EXACT =
            m1("M1_EXACT").join(Join.TEXT).quirks(EnumSet.allOf(Quirk.class)).build();

    /**
     * s1 (arXiv 2501.19393): no newline after the header, at least one token after a Wait, the full budget each round.
     */
    public static final ThinkingProtocol S1 = builder("S1")
            .open(Marker.text("<|im_start|>think"))
            .naturalClose(Marker.text("<|im_start|>answer"))
            .cutClose(Marker.text("<|im_start|>answer\nFinal Answer:"))
            .newlineBeforeClose(false, true)
            .thinkingStops("<|im_start|>", "<|im_end|>")
            .answerStops("<|im_end|>")
            .waitSpacing(WaitSpacing.NONE)
            .roundBudget(RoundBudget.FULL)
            .minTokensAfterWait(1)
            .build();

    /** Qwen3: {@code <think>} sections, with the landing phrase of Qwen's own thinking-budget recipe when cut. */
    public static final ThinkingProtocol QWEN3 = tags("QWEN3")
            .cutClose(
                    Marker.text("\n\nConsidering the limited time by the user, I have to give the solution based on the"
                            + " thinking directly now.\n</think>\n\n"))
            .build();

    /** DeepSeek-R1 and its distillations: {@code <think>} sections, closed without a phrase. */
    public static final ThinkingProtocol DEEPSEEK_R1 =
            tags("DEEPSEEK_R1").cutClose(Marker.text("\n</think>\n\n")).build();

    /** No thinking section: the model answers as it is. */
    public static final ThinkingProtocol PLAIN =
            builder("PLAIN").thinking(false).build();

    private final String name;
    private final boolean thinking;
    private final Marker open;
    private final Marker naturalClose;
    private final Marker cutClose;
    private final boolean newlineBeforeNaturalClose;
    private final boolean newlineBeforeCutClose;
    private final List<String> thinkingStops;
    private final List<String> answerStops;
    private final WaitSpacing waitSpacing;
    private final RoundBudget roundBudget;
    private final int minTokensAfterWait;
    private final Join join;
    private final Set<Quirk> quirks;

    private ThinkingProtocol(Builder b) {
        name = b.name;
        thinking = b.thinking;
        open = b.open;
        naturalClose = b.naturalClose;
        cutClose = b.cutClose;
        newlineBeforeNaturalClose = b.newlineBeforeNaturalClose;
        newlineBeforeCutClose = b.newlineBeforeCutClose;
        thinkingStops = List.copyOf(b.thinkingStops);
        answerStops = List.copyOf(b.answerStops);
        waitSpacing = b.waitSpacing;
        roundBudget = b.roundBudget;
        minTokensAfterWait = b.minTokensAfterWait;
        join = b.join;
        quirks = b.quirks.isEmpty() ? Set.of() : Set.copyOf(b.quirks);
    }

    private static Builder m1(String name) {
        return builder(name)
                .open(Marker.text("<|im_start|>think\n"))
                .naturalClose(Marker.text("<|im_start|>answer"))
                .cutClose(Marker.text("<|im_start|>answer\nFinal Answer:"))
                .newlineBeforeClose(true, true)
                .thinkingStops("<|im_start|>", "<|im_end|>")
                .answerStops("<|im_start|>", "<|im_end|>");
    }

    private static Builder tags(String name) {
        return builder(name)
                .open(Marker.text("<think>\n"))
                .naturalClose(Marker.text("</think>\n\n"))
                .thinkingStops("</think>");
    }

    /** The built-in protocols. */
    public static List<ThinkingProtocol> builtIn() {
        return List.of(M1, M1_EXACT, S1, QWEN3, DEEPSEEK_R1, PLAIN);
    }

    /**
     * A built-in protocol by its name, case ignored, {@code -} and {@code _} alike.
     *
     * @throws IllegalArgumentException naming the ones there are
     */
    public static ThinkingProtocol named(String name) {
        String wanted = name.replace('-', '_');
        for (ThinkingProtocol p : builtIn()) {
            if (p.name.equalsIgnoreCase(wanted)) {
                return p;
            }
        }
        throw new IllegalArgumentException("no thinking protocol '" + name + "'; there are " + builtIn());
    }

    /** A new protocol: a thinking section without markers, EOS as its only stop, ids appended. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** A builder that starts from this protocol. */
    public Builder toBuilder(String newName) {
        Builder b = new Builder(newName);
        b.thinking = thinking;
        b.open = open;
        b.naturalClose = naturalClose;
        b.cutClose = cutClose;
        b.newlineBeforeNaturalClose = newlineBeforeNaturalClose;
        b.newlineBeforeCutClose = newlineBeforeCutClose;
        b.thinkingStops.addAll(thinkingStops);
        b.answerStops.addAll(answerStops);
        b.waitSpacing = waitSpacing;
        b.roundBudget = roundBudget;
        b.minTokensAfterWait = minTokensAfterWait;
        b.join = join;
        b.quirks.addAll(quirks);
        return b;
    }

    public String name() {
        return name;
    }

    /** False if there is no thinking section at all. */
    public boolean hasThinking() {
        return thinking;
    }

    /** Appended to the rendered prompt, unless the prompt already ends with it. */
    public Marker open() {
        return open;
    }

    /** Appended when the model ended its thinking itself. */
    public Marker naturalClose() {
        return naturalClose;
    }

    /** Appended when thinking was cut. */
    public Marker cutClose() {
        return cutClose;
    }

    /** Whether a newline is put before the closing marker if the thinking does not end with one. */
    public boolean newlineBeforeClose(boolean natural) {
        return natural ? newlineBeforeNaturalClose : newlineBeforeCutClose;
    }

    /** Tokens that end thinking, besides EOS. */
    public List<String> thinkingStops() {
        return thinkingStops;
    }

    /** Tokens that end the answer, besides EOS. */
    public List<String> answerStops() {
        return answerStops;
    }

    public WaitSpacing waitSpacing() {
        return waitSpacing;
    }

    public RoundBudget roundBudget() {
        return roundBudget;
    }

    /** Tokens the model must produce after a Wait before it may stop. */
    public int minTokensAfterWait() {
        return minTokensAfterWait;
    }

    public Join join() {
        return join;
    }

    public boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Collects the parts of a protocol. */
    public static final class Builder {
        private final String name;
        private boolean thinking = true;
        private Marker open = Marker.NONE;
        private Marker naturalClose = Marker.NONE;
        private Marker cutClose = Marker.NONE;
        private boolean newlineBeforeNaturalClose;
        private boolean newlineBeforeCutClose;
        private final List<String> thinkingStops = new ArrayList<>();
        private final List<String> answerStops = new ArrayList<>();
        private WaitSpacing waitSpacing = WaitSpacing.SPACE_UNLESS_WHITESPACE;
        private RoundBudget roundBudget = RoundBudget.REMAINING;
        private int minTokensAfterWait;
        private Join join = Join.TOKENS;
        private final EnumSet<Quirk> quirks = EnumSet.noneOf(Quirk.class);

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        public Builder thinking(boolean thinking) {
            this.thinking = thinking;
            return this;
        }

        public Builder open(Marker open) {
            this.open = Objects.requireNonNull(open, "open");
            return this;
        }

        public Builder naturalClose(Marker close) {
            this.naturalClose = Objects.requireNonNull(close, "naturalClose");
            return this;
        }

        public Builder cutClose(Marker close) {
            this.cutClose = Objects.requireNonNull(close, "cutClose");
            return this;
        }

        public Builder newlineBeforeClose(boolean natural, boolean cut) {
            this.newlineBeforeNaturalClose = natural;
            this.newlineBeforeCutClose = cut;
            return this;
        }

        /** Tokens, each one id of the vocabulary, that end thinking besides EOS. */
        public Builder thinkingStops(String... tokens) {
            thinkingStops.clear();
            thinkingStops.addAll(List.of(tokens));
            return this;
        }

        /** Tokens, each one id of the vocabulary, that end the answer besides EOS. */
        public Builder answerStops(String... tokens) {
            answerStops.clear();
            answerStops.addAll(List.of(tokens));
            return this;
        }

        public Builder waitSpacing(WaitSpacing spacing) {
            this.waitSpacing = Objects.requireNonNull(spacing, "waitSpacing");
            return this;
        }

        public Builder roundBudget(RoundBudget roundBudget) {
            this.roundBudget = Objects.requireNonNull(roundBudget, "roundBudget");
            return this;
        }

        public Builder minTokensAfterWait(int tokens) {
            if (tokens < 0 || tokens > 1) {
                throw new IllegalArgumentException("minTokensAfterWait must be 0 or 1, got " + tokens);
            }
            this.minTokensAfterWait = tokens;
            return this;
        }

        public Builder join(Join join) {
            this.join = Objects.requireNonNull(join, "join");
            return this;
        }

        public Builder quirks(Collection<Quirk> quirks) {
            this.quirks.clear();
            this.quirks.addAll(quirks);
            return this;
        }

        public ThinkingProtocol build() {
            return new ThinkingProtocol(this);
        }
    }
}
