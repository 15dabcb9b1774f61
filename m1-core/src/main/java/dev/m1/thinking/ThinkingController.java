package dev.m1.thinking;

import java.util.Objects;

/**
 * The state machine of budgeted thinking: it is told every sampled token and says what happens to the sequence next.
 * Pure: no threads, no tensors, no clock; a host can drive any engine with it. Not thread-safe.
 *
 * <p>The life of a run: {@link #start} gives the ids to feed; then, for each sampled id, {@link #onToken} gives a
 * {@link Directive}, until {@link Directive.Finish}. Thinking is sampled until a stop (natural end), or until the cap:
 * at the cap one more id is sampled and dropped unless it is a stop, so that thinking of exactly the budget's length is
 * a natural end.
 */
public final class ThinkingController {
    private enum Phase {
        NEW,
        THINKING,
        ANSWER,
        DONE
    }

    private final ProtocolTokens tokens;
    private final ThinkingProtocol protocol;
    private final Vocabulary vocabulary;
    private final ThinkingEvents events;
    private final int waits;
    private final String waitText;
    private final int maxAnswerTokens;
    private final String promptText;

    private final IntBuffer sequence = new IntBuffer(); // the sequence as the engine has it
    private final StringBuilder earlierText = new StringBuilder(); // thinking before the current round, Waits included
    private final IntBuffer round = new IntBuffer(); // sampled thinking ids of the current round
    private final int[] prompt; // [tokens]
    private final int promptTokens;

    private Phase phase = Phase.NEW;
    private int budget;
    private ThinkingEnd requestedEnd;
    private ThinkingEnd thinkingEnd;
    private int waitsDone;
    private int counted; // thinking tokens that count against the budget, of finished rounds
    private int roundBase; // what the current round starts from
    private int roundSampled; // ids sampled in the current round, a stop included
    private int thinking;
    private int injected;
    private int answer;
    private int answerSampled;
    private int discarded;
    private int unfed;

    /**
     * @param tokens the protocol in the model's vocabulary
     * @param budget the cap and the Waits
     * @param maxAnswerTokens cap on the answer, at least 1
     * @param prompt ids of the rendered chat prompt
     * @param promptText its text; needed only for protocols that join as text
     */
    public ThinkingController(
            ProtocolTokens tokens,
            ThinkingBudget budget,
            int maxAnswerTokens,
            int[] prompt,
            String promptText,
            ThinkingEvents events) {
        this.tokens = Objects.requireNonNull(tokens, "tokens");
        this.protocol = tokens.protocol();
        this.vocabulary = tokens.vocabulary();
        this.events = Objects.requireNonNull(events, "events");
        this.budget = budget.maxTokens();
        this.waits = budget.waits();
        this.waitText = budget.waitText();
        this.maxAnswerTokens = maxAnswerTokens;
        this.promptText = promptText;
        this.prompt = prompt.clone();
        this.promptTokens = prompt.length;
        if (maxAnswerTokens < 1) {
            throw new IllegalArgumentException("maxAnswerTokens must be >= 1, got " + maxAnswerTokens);
        }
        if (textual() && promptText == null) {
            throw new IllegalArgumentException("protocol " + protocol + " joins as text and needs the prompt's text");
        }
        sequence.addAll(prompt);
    }

    /**
     * The whole sequence to feed before the first sample: prompt, opening marker and, with a budget of 0, the closing
     * one.
     */
    public int[] start() {
        if (phase != Phase.NEW) {
            throw new IllegalStateException("already started");
        }
        if (!protocol.hasThinking()) {
            endThinkingWith(ThinkingEnd.NONE);
            return sequence.toArray();
        }
        phase = Phase.THINKING;
        if (textual()) {
            replaceSequence(encodeAnew(""));
            injected = sequence.size() - promptTokens;
        } else if (!sequence.endsWith(tokens.openIds())) {
            sequence.addAll(tokens.openIds());
            injected = tokens.openIds().length;
        }
        if (budget == 0) {
            close(ThinkingEnd.BUDGET, -1);
            discarded = 0; // nothing has been fed yet
            injected = sequence.size() - promptTokens;
        }
        return sequence.toArray();
    }

    /** What a sampled id leads to. */
    public Directive onToken(int id) {
        return switch (phase) {
            case THINKING -> protocol.has(Quirk.STOP_TOKEN_COUNTS) ? thinkCountingStops(id) : think(id);
            case ANSWER -> answer(id);
            case NEW, DONE -> throw new IllegalStateException("no token expected: " + phase);
        };
    }

    /** Changes the cap while the model thinks; below what is used already, thinking is cut at the next token. */
    public void setBudget(int maxTokens) {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("thinking budget must be >= 0 tokens, got " + maxTokens);
        }
        budget = maxTokens;
    }

    /** Ends thinking at the next token, for a reason that is not the budget. Without effect once it has ended. */
    public void endThinking(ThinkingEnd reason) {
        Objects.requireNonNull(reason, "reason");
        requestedEnd = requestedEnd == null ? reason : requestedEnd; // who came first is the reason
    }

    /** What would be appended if thinking were cut now: for a look at the answer on a fork of the sequence. */
    public int[] closingIds() {
        boolean newline = protocol.newlineBeforeClose(false) && !thinkingText().endsWith("\n");
        return newline
                ? concat(tokens.newlineIds(), tokens.closeIds(false))
                : tokens.closeIds(false).clone();
    }

    /** Why thinking ended; null while it goes on. */
    public ThinkingEnd thinkingEnd() {
        return thinkingEnd;
    }

    /** Rounds of Wait so far. */
    public int waits() {
        return waitsDone;
    }

    /** Tokens so far, by what they were for. */
    public Ledger ledger() {
        return new Ledger(promptTokens, thinking, injected, answer, discarded, unfed);
    }

    /** For a run that is stopped from outside: what is in the record but was never fed. */
    public void stoppedWithUnfed(int ids) {
        unfed = ids;
        phase = Phase.DONE;
    }

    private Directive think(int id) {
        if (tokens.isThinkingStop(id)) {
            return endRound(ThinkingEnd.NATURAL, -1);
        }
        if (roundBase + round.size() >= budget) {
            return requestedEnd != null ? close(requestedEnd, -1) : close(ThinkingEnd.BUDGET, -1);
        }
        accept(id);
        return requestedEnd != null ? close(requestedEnd, id) : keep(id);
    }

    /** SGLang's order: the id counts, then the cap is tested, then the stop. */
    private Directive thinkCountingStops(int id) {
        boolean stop = tokens.isThinkingStop(id);
        roundSampled++;
        boolean full = roundSampled >= budget - roundBase;
        if (!stop) {
            accept(id);
        }
        int pending = stop ? -1 : id;
        if (full) {
            return endRound(ThinkingEnd.BUDGET, pending);
        }
        if (stop) {
            return endRound(ThinkingEnd.NATURAL, -1);
        }
        return requestedEnd != null ? close(requestedEnd, pending) : keep(id);
    }

    private void accept(int id) {
        round.add(id);
        thinking++;
        events.thinkingToken(id);
    }

    private Directive keep(int id) {
        sequence.add(id);
        return Directive.Continue.INSTANCE;
    }

    /** @param pending an id that is part of the record but not yet of the sequence, or -1 */
    private Directive endRound(ThinkingEnd reason, int pending) {
        counted += protocol.has(Quirk.COUNT_BY_TEXT) ? vocabulary.encode(roundText()).length : round.size();
        boolean mayWait = reason == ThinkingEnd.NATURAL || protocol.has(Quirk.WAIT_AFTER_CUT);
        if (mayWait && requestedEnd == null && waitsDone < waits) {
            Directive wait = waitOn(pending);
            if (wait != null) {
                return wait;
            }
        }
        return close(reason, pending);
    }

    /** Appends a Wait if the cap leaves room for more than its own tokens; null if not. */
    private Directive waitOn(int pending) {
        String text = thinkingText();
        String wait = spaceBeforeWait(text) + waitText;
        int[] ids = vocabulary.encode(wait);
        boolean fresh = protocol.roundBudget() == ThinkingProtocol.RoundBudget.FULL;
        if (!fresh && (long) counted + ids.length >= budget) {
            return null;
        }
        earlierText.setLength(0);
        earlierText.append(text).append(wait);
        round.truncate(0);
        roundSampled = 0;
        roundBase = fresh ? 0 : counted + ids.length;
        if (!protocol.has(Quirk.WAIT_TEXT_NOT_COUNTED)) {
            counted += ids.length;
        }
        waitsDone++;
        events.waitAppended(waitsDone, wait);
        int[] forbidden = protocol.minTokensAfterWait() > 0 ? tokens.thinkingStopIds() : new int[0];
        return inject(pending, ids, thinkingText(), forbidden);
    }

    private String spaceBeforeWait(String text) {
        if (protocol.has(Quirk.WAIT_DOUBLES_SPACE)) {
            return text.endsWith(" ") ? " " : "";
        }
        boolean none = protocol.waitSpacing() == ThinkingProtocol.WaitSpacing.NONE
                || text.isEmpty()
                || Character.isWhitespace(text.charAt(text.length() - 1));
        return none ? "" : " ";
    }

    private Directive close(ThinkingEnd reason, int pending) {
        boolean natural = reason == ThinkingEnd.NATURAL;
        String text = thinkingText();
        boolean newline = protocol.newlineBeforeClose(natural) && !text.endsWith("\n");
        int[] close = tokens.closeIds(natural);
        if (newline) {
            close = concat(tokens.newlineIds(), close);
        }
        endThinkingWith(reason);
        return inject(pending, close, text + (newline ? "\n" : "") + tokens.closeText(natural), new int[0]);
    }

    private void endThinkingWith(ThinkingEnd reason) {
        phase = Phase.ANSWER;
        thinkingEnd = reason;
        events.thinkingEnded(reason);
    }

    /** Joins ids (or, for textual protocols, the text after the opening marker) to the sequence. */
    private Directive inject(int pending, int[] ids, String textAfterOpen, int[] forbidden) {
        int before = sequence.size();
        int pendingCount = pending < 0 ? 0 : 1;
        int keep = before;
        if (textual()) {
            keep = replaceSequence(encodeAnew(textAfterOpen));
        } else {
            if (pending >= 0) {
                sequence.add(pending);
            }
            sequence.addAll(ids);
        }
        int dropped = before - keep;
        int[] appended = new int[sequence.size() - keep];
        for (int i = 0; i < appended.length; i++) {
            appended[i] = sequence.get(keep + i);
        }
        discarded += dropped;
        injected += appended.length - dropped - pendingCount;
        return new Directive.Inject(dropped, appended, forbidden);
    }

    /** The whole text as ids. Only by its quirk may the prompt's text be read for control tokens; else its ids stay. */
    private int[] encodeAnew(String textAfterOpen) {
        String own = tokens.openText() + textAfterOpen;
        return protocol.has(Quirk.USER_TEXT_MAY_CONTAIN_CONTROL_TOKENS)
                ? vocabulary.encode(promptText + own)
                : concat(prompt, vocabulary.encode(own));
    }

    /** Makes {@code ids} the sequence; returns how many ids at its start stay, at least one id short of all. */
    private int replaceSequence(int[] ids) {
        int keep = 0;
        int most = Math.min(sequence.size(), ids.length - 1);
        while (keep < most && sequence.get(keep) == ids[keep]) {
            keep++;
        }
        sequence.truncate(0);
        sequence.addAll(ids);
        return keep;
    }

    private Directive answer(int id) {
        answerSampled++;
        if (tokens.isAnswerStop(id)) {
            phase = Phase.DONE;
            boolean late = protocol.has(Quirk.STOP_TOKEN_COUNTS) && answerSampled >= maxAnswerTokens;
            return new Directive.Finish(late ? FinishReason.LENGTH : FinishReason.STOP);
        }
        answer++;
        events.answerToken(id);
        if (answer >= maxAnswerTokens) {
            phase = Phase.DONE;
            unfed = 1;
            return new Directive.Finish(FinishReason.LENGTH);
        }
        return keep(id);
    }

    private boolean textual() {
        return protocol.join() == ThinkingProtocol.Join.TEXT;
    }

    private String roundText() {
        return vocabulary.decode(round.toArray(), true);
    }

    private String thinkingText() {
        return earlierText + roundText();
    }

    private static int[] concat(int[] a, int[] b) {
        int[] both = new int[a.length + b.length];
        System.arraycopy(a, 0, both, 0, a.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
