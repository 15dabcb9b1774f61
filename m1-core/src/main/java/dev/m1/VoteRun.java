package dev.m1;

import dev.m1.engine.Engine;
import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.thinking.Directive;
import dev.m1.thinking.FinishReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Several samples of one request as one batch: the prompt is computed once and forked; each sample has random numbers
 * of its own. Ends early when the samples still running cannot change the winner.
 */
final class VoteRun {
    private final Engine engine;
    private final ReasoningRequest request;
    private final RunPlan plan;
    private final VoteOptions options;
    private final Function<ReasoningResult, String> answerKey;
    private final List<RunRecord> records;
    private final CompletableFuture<Vote> result = new CompletableFuture<>();
    private final Map<Integer, Sequence> live = Collections.synchronizedMap(new TreeMap<>());
    private volatile boolean cancelled;

    // Used by the engine's thread.
    private final Map<Integer, ReasoningResult> finished = new TreeMap<>();
    private final Tally tally = new Tally();
    private int abstentions;
    private int stopped;
    private int ended;
    private long fed;
    private long saved;
    private boolean decided;
    private boolean forked;

    VoteRun(
            LanguageModel model,
            ReasoningRequest request,
            RunPlan plan,
            VoteOptions options,
            Function<ReasoningResult, String> answerKey) {
        this.engine = model.engine();
        this.request = request;
        this.plan = plan;
        this.options = options;
        this.answerKey = answerKey;
        records = new ArrayList<>();
        for (int i = 0; i < options.samples(); i++) {
            records.add(new RunRecord(model.tokenizer(), request, plan, new RunRecord.Sink() {}));
        }
    }

    CompletableFuture<Vote> result() {
        return result;
    }

    void start() {
        Sequence first = new Sequence(
                records.get(0).start(),
                plan.prompt().ids().length,
                plan.sequenceTokens(),
                request.sampling(),
                0,
                new Sample(0));
        live.put(0, first);
        engine.submit(first);
    }

    /** From any thread. */
    void cancel() {
        cancelled = true;
        List.copyOf(live.values()).forEach(engine::cancel);
    }

    private void vote(ReasoningResult r) {
        String key = answerKey.apply(r);
        if (key == null) {
            abstentions++;
        } else {
            tally.add(key);
        }
        int toCome = options.firstFinished() - finished.size();
        if (!decided && tally.isDecided(toCome)) {
            decided = true;
            List.copyOf(live.values()).forEach(engine::cancel);
        }
    }

    private void end() {
        List<ReasoningResult> samples = new ArrayList<>(finished.values());
        result.complete(
                new Vote(samples, tally.sorted(), tally.leader(), tally.agreement(), abstentions, stopped, fed, saved));
    }

    /** One of the samples. */
    private final class Sample implements SequenceDriver {
        private final int index;
        private FinishReason reason;

        Sample(int index) {
            this.index = index;
        }

        @Override
        public void onSampled(Sequence s, int id) {
            if (!forked) {
                forked = true; // the first sample's first token: the prompt is computed, and nothing else
                forkTheOthers(s);
            }
            RunRecord record = records.get(index);
            Directive directive = record.fitted(record.onToken(id), s);
            if (directive instanceof Directive.Finish finish) {
                reason = finish.reason();
            }
            Directives.apply(directive, s, id);
        }

        private void forkTheOthers(Sequence s) {
            for (int i = 1; i < records.size(); i++) {
                live.put(i, s.fork(s.length(), i, new Sample(i)));
            }
            if (cancelled) {
                cancel();
            }
        }

        @Override
        public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
            live.remove(index);
            fed += s.fed();
            ended++;
            if (end == SequenceEnd.FINISHED && !decided) {
                ReasoningResult r = records.get(index).finish(reason, s);
                finished.put(index, r);
                try {
                    vote(r);
                } catch (RuntimeException | StackOverflowError | AssertionError e) {
                    fail(e); // the host's key function
                }
            } else if (end != SequenceEnd.FAILED && decided) {
                stopped++;
                saved += s.room();
            } else {
                fail(failure != null ? failure : new CancellationException("the vote was cancelled"));
            }
            if (ended == records.size()) {
                end();
            }
        }

        private void fail(Throwable cause) {
            result.completeExceptionally(cause);
            cancel();
        }
    }
}
