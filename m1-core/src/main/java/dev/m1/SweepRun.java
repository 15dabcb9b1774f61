package dev.m1;

import dev.m1.engine.Engine;
import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.thinking.Directive;
import dev.m1.thinking.FinishReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Runs all cells of a grid in lockstep over as few sequences as there are differences between them. Every cell has a
 * record of its own, with its own controller; cells that have decided alike so far share a sequence. Where they
 * disagree about a sampled token, the sequence is forked and each part goes its way. As sampling depends on nothing but
 * the ids before and the random numbers' key, each cell's ids are those of a separate run.
 */
final class SweepRun {
    private final Engine engine;
    private final ReasoningRequest request;
    private final int contextTokens;
    private final BudgetGrid grid;
    private final RequestEvent event = RequestEvent.begun("sweep");
    private final CompletableFuture<BudgetSweep> result = new CompletableFuture<>();
    private final Map<BudgetSweep.Cell, ReasoningResult> done = new HashMap<>();
    private final List<Sequence> live = new ArrayList<>(); // guarded by this
    private boolean cancelled; // guarded by this
    private Sequence trunk; // the others fork off it
    private RunPlan plan; // of one of the cells, all of which have the same prompt and protocol
    private long fed;
    private int answers;

    /** A cell and its record. */
    private record Watcher(BudgetSweep.Cell cell, RunRecord record) {}

    /** A directive with value equality, so that cells can be grouped by it. */
    private record Decision(int drop, List<Integer> ids, List<Integer> forbidden, FinishReason end) {
        static Decision of(Directive directive) {
            return switch (directive) {
                case Directive.Continue c -> new Decision(0, List.of(), List.of(), null);
                case Directive.Inject i -> new Decision(i.drop(), list(i.ids()), list(i.forbidden()), null);
                case Directive.Finish f -> new Decision(0, List.of(), List.of(), f.reason());
            };
        }

        private static List<Integer> list(int[] values) {
            return Arrays.stream(values).boxed().toList();
        }
    }

    /** Cells that decide alike, and what they decided. */
    private static final class Part {
        final Directive directive;
        final List<Watcher> watchers = new ArrayList<>();

        Part(Directive directive) {
            this.directive = directive;
        }
    }

    SweepRun(LanguageModel model, ReasoningRequest request, BudgetGrid grid) {
        this.engine = model.engine();
        this.request = request;
        this.contextTokens = model.contextTokens();
        this.grid = grid;
    }

    CompletableFuture<BudgetSweep> result() {
        return result;
    }

    /** Starts with one record for each cell. */
    void start(Map<BudgetSweep.Cell, RunRecord> records) {
        Map<List<Integer>, List<Watcher>> byStart = new LinkedHashMap<>();
        records.forEach((cell, record) -> byStart.computeIfAbsent(Decision.list(record.start()), k -> new ArrayList<>())
                .add(new Watcher(cell, record)));
        // The shortest start goes first; the others (budgets of 0, closed at once) fork off it once its prompt is
        // computed.
        List<List<Watcher>> starts = new ArrayList<>(byStart.values());
        starts.sort((a, b) -> Integer.compare(start(a).length, start(b).length));
        Group first = new Group(starts.get(0));
        first.later.addAll(starts.subList(1, starts.size()));
        plan = starts.get(0).get(0).record().plan();
        int promptTokens = plan.prompt().ids().length;
        trunk = new Sequence(start(starts.get(0)), promptTokens, contextTokens, request.sampling(), 0, first);
        track(trunk);
        try {
            engine.submit(trunk);
        } catch (RuntimeException e) {
            event.failed(plan, e);
            throw e;
        }
    }

    /** Drops everything; from any thread. */
    synchronized void cancel() {
        cancelled = true;
        live.forEach(engine::cancel);
    }

    private static int[] start(List<Watcher> watchers) {
        return watchers.get(0).record().start();
    }

    private synchronized void track(Sequence s) {
        live.add(s);
        if (cancelled) {
            engine.cancel(s);
        }
    }

    /** Called on the engine's thread. */
    private void ended(Sequence s, SequenceEnd end, Throwable failure) {
        fed += s.fed();
        synchronized (this) {
            live.remove(s);
        }
        if (end != SequenceEnd.FINISHED) {
            cancel();
            Throwable cause = failure != null ? failure : new CancellationException("the sweep was cancelled");
            if (!result.isDone()) {
                event.failed(plan, cause);
                result.completeExceptionally(cause);
            }
        } else if (done.size() == grid.size() && live.isEmpty()) {
            long separate =
                    done.values().stream().mapToLong(r -> r.usage().fedTokens()).sum();
            event.end(done.values(), trunk.reused(), fed);
            result.complete(new BudgetSweep(grid, done, new BudgetSweep.Ledger(fed, separate, answers)));
        }
    }

    /** The cells that share a sequence. */
    private final class Group implements SequenceDriver {
        private List<Watcher> watchers;
        private final List<List<Watcher>> later = new ArrayList<>();

        Group(List<Watcher> watchers) {
            this.watchers = watchers;
        }

        @Override
        public void onSampled(Sequence s, int id) {
            for (List<Watcher> others : later) {
                forkStart(s, others);
            }
            later.clear();
            Map<Decision, Part> parts = new LinkedHashMap<>();
            for (Watcher w : watchers) {
                Directive directive = w.record().fitted(w.record().onToken(id), s);
                parts.computeIfAbsent(Decision.of(directive), k -> new Part(directive))
                        .watchers
                        .add(w);
            }
            Part stays = null;
            for (Part part : parts.values()) {
                if (part.directive instanceof Directive.Finish finish) {
                    answers++;
                    part.watchers.forEach(w -> done.put(w.cell(), w.record().finish(finish.reason(), null)));
                } else if (stays == null) {
                    stays = part;
                } else {
                    Sequence fork = s.fork(s.length(), 0, new Group(part.watchers));
                    track(fork);
                    Directives.apply(part.directive, fork, id);
                }
            }
            if (stays == null) {
                s.finish();
            } else {
                watchers = stays.watchers;
                Directives.apply(stays.directive, s, id);
            }
        }

        /** Cells whose sequence begins otherwise: they share what is common and feed the rest. */
        private void forkStart(Sequence s, List<Watcher> others) {
            int[] theirs = start(others);
            int[] ours = start(watchers);
            int common = 0;
            while (common < ours.length && common < theirs.length - 1 && ours[common] == theirs[common]) {
                common++;
            }
            Sequence fork = s.fork(Math.max(1, common), 0, new Group(others));
            track(fork);
            fork.truncate(common);
            fork.append(Arrays.copyOfRange(theirs, common, theirs.length));
        }

        @Override
        public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
            ended(s, end, failure);
        }
    }
}
