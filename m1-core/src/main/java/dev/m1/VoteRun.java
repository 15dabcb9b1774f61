package dev.m1;

import dev.m1.engine.Engine;
import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.thinking.Directive;
import dev.m1.thinking.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * Several samples of one request as one batch: the prompt is computed once and forked; each sample has random numbers
 * of its own. Ends early when the samples still running cannot change the winner. The engine's thread only decodes:
 * samples that ended come to the caller's thread through a queue, and the host's key function runs there.
 */
final class VoteRun {
    private final Engine engine;
    private final ReasoningRequest request;
    private final RunPlan plan;
    private final VoteOptions options;
    private final Function<ReasoningResult, String> answerKey;
    private final List<RunRecord> records;
    private final RequestEvent event = RequestEvent.begun("vote");
    private final Map<Integer, Sequence> live = new ConcurrentHashMap<>();
    private final BlockingQueue<Ended> queue = new LinkedBlockingQueue<>();
    private volatile boolean cancelled;

    private boolean forked; // used by the engine's thread

    // Used by the caller's thread.
    private final Map<Integer, ReasoningResult> finished = new TreeMap<>();
    private final boolean[] out; // [samples], those that have ended
    private final Tally tally = new Tally();
    private int abstentions;
    private int stopped;
    private long fed;
    private long saved;
    private long reused;
    private boolean decided;

    /**
     * A sample that has left the engine.
     *
     * @param result null if it did not finish
     * @param failure null if it did not fail
     * @param reused tokens that were there already; of the first sample, which alone looks for them
     * @param fed tokens that went through the decoder for it
     * @param room tokens it could still have decoded
     */
    private record Ended(int index, ReasoningResult result, Throwable failure, long reused, long fed, int room) {}

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
        out = new boolean[options.samples()];
    }

    Vote run() {
        int prompt = plan.prompt().ids().length;
        int[] start = records.get(0).start();
        Sequence first = new Sequence(start, prompt, plan.sequenceTokens(), request.sampling(), 0, new Sample(0));
        live.put(0, first);
        boolean complete = false;
        try {
            engine.submit(first);
            for (int i = 0; i < options.samples(); i++) {
                count(Blocking.take(queue, () -> {}));
            }
            complete = true;
        } catch (RuntimeException | Error e) {
            event.failed(plan, e);
            throw e;
        } finally {
            if (!complete) {
                cancel();
            }
        }
        event.end(finished.values(), reused, fed);
        List<ReasoningResult> samples = new ArrayList<>(finished.values());
        return new Vote(samples, tally.sorted(), tally.leader(), tally.agreement(), abstentions, stopped, fed, saved);
    }

    /** Drops what still runs. */
    private void cancel() {
        cancelled = true; // before looking: what is forked from now on drops itself
        live.values().forEach(engine::cancel);
    }

    private void count(Ended e) {
        out[e.index] = true;
        fed += e.fed;
        reused += e.reused;
        if (e.failure != null) {
            throw Blocking.failure(e.failure);
        }
        if (e.result == null || decided) {
            stopped++;
            saved += e.room;
            return;
        }
        finished.put(e.index, e.result);
        String key = answerKey.apply(e.result);
        if (key == null) {
            abstentions++;
        } else {
            tally.add(key, e.index);
        }
        if (tally.isDecided(options.firstFinished() - finished.size(), lowestRunning())) {
            decided = true;
            cancel();
        }
    }

    private int lowestRunning() {
        int i = 0;
        while (i < out.length && out[i]) {
            i++;
        }
        return i;
    }

    /** One of the samples; runs on the engine's thread. */
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
            ReasoningResult r = end == SequenceEnd.FINISHED ? records.get(index).finish(reason, s) : null;
            long reused = index == 0 ? s.reused() : 0;
            queue.add(new Ended(index, r, end == SequenceEnd.FAILED ? failure : null, reused, s.fed(), s.room()));
        }
    }
}
