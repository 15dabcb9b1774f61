package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.ModelClosedException;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Listeners, live control, interruption, and closing with work in flight. */
class ReasoningHandleTest extends OpenModelTest {
    ReasoningHandleTest() {
        super("tiny-qwen2", ModelOptions.defaults());
    }

    private static ReasoningRequest request(int budget, int answer) {
        return ReasoningRequest.builder().user("Which one?").budget(upTo(budget)).maxAnswerTokens(answer).build();
    }

    private static ReasoningResult get(ReasoningHandle h) throws Exception {
        return h.result().get(60, TimeUnit.SECONDS);
    }

    /** Writes down everything it hears. */
    private static class Recorder implements ReasoningListener {
        final StringBuffer thinking = new StringBuffer();
        final StringBuffer answer = new StringBuffer();
        final List<String> order = new ArrayList<>();
        final CountDownLatch firstThinking = new CountDownLatch(1);
        final CountDownLatch thinkingEnd = new CountDownLatch(1);
        final AtomicReference<ReasoningResult> complete = new AtomicReference<>();
        final AtomicReference<Throwable> error = new AtomicReference<>();

        @Override
        public void onThinking(String piece) {
            thinking.append(piece);
            firstThinking.countDown();
        }

        @Override
        public void onWait(int round) {
            order.add("wait " + round);
        }

        @Override
        public void onThinkingEnd(ThinkingEnd reason) {
            order.add("end " + reason);
            thinkingEnd.countDown();
        }

        @Override
        public void onAnswer(String piece) {
            answer.append(piece);
        }

        @Override
        public void onComplete(ReasoningResult result) {
            order.add("complete");
            complete.set(result);
        }

        @Override
        public void onError(Throwable cause) {
            order.add("error");
            error.set(cause);
        }
    }

    @Test
    void piecesConcatenateToTheResult() throws Exception {
        for (int budget : new int[] {0, 1, 7, 150}) {
            Recorder heard = new Recorder();
            ReasoningResult r = get(reasoner.submit(request(budget, 60), heard));
            assertThat(heard.thinking).hasToString(r.thinking());
            assertThat(heard.answer).hasToString(r.answer());
            assertThat(heard.order).containsExactly("end BUDGET", "complete");
            assertThat(heard.complete.get()).isSameAs(r);
            assertThat(r.thinking()).isEqualTo(model.tokenizer().decode(r.thinkingIds()));
            ReasoningResult blocking = reasoner.reason(request(budget, 60));
            assertThat(blocking.thinkingIds()).isEqualTo(r.thinkingIds());
            assertThat(blocking.answerIds()).isEqualTo(r.answerIds());
        }
    }

    @Test
    void aSlowListenerDelaysOnlyItsOwnRequest() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Recorder blocked = new Recorder() {
            @Override
            public void onThinking(String piece) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                super.onThinking(piece);
            }
        };
        ReasoningHandle slow = reasoner.submit(request(30, 5), blocked);
        ReasoningResult other = reasoner.reason(request(30, 5));
        assertThat(slow.result()).isNotDone();
        release.countDown();
        assertThat(get(slow).thinkingIds()).isEqualTo(other.thinkingIds());
        assertThat(blocked.thinking).hasToString(other.thinking());
    }

    @Test
    void aThrowingListenerLosesNothingButItsEvents() throws Exception {
        Recorder bad = new Recorder() {
            @Override
            public void onThinking(String piece) {
                super.onThinking(piece);
                throw new IllegalStateException("listener's own fault");
            }
        };
        ReasoningHandle h = reasoner.submit(request(20, 5), bad);
        ReasoningResult other = reasoner.reason(request(20, 5));
        assertThat(get(h).thinkingIds()).isEqualTo(other.thinkingIds());
        assertThat(bad.order).isEmpty();
    }

    @Test
    void answerNowEndsThinkingEarly() throws Exception {
        counter.sleepMillis = 2;
        Recorder heard = new Recorder();
        ReasoningHandle h = reasoner.submit(request(800, 5), heard);
        heard.firstThinking.await();
        h.answerNow();
        ReasoningResult r = get(h);
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.ANSWER_NOW);
        assertThat(r.thinkingIds().length).isBetween(1, 799);
        assertThat(r.answerIds()).hasSize(5);
        assertThat(r.usage().fedTokens()).isEqualTo((int) counter.tokens);
        h.answerNow(); // long over: no effect
    }

    @Test
    void theBudgetCanBeLoweredAndRaised() throws Exception {
        counter.sleepMillis = 2;
        Recorder heard = new Recorder();
        ReasoningHandle h = reasoner.submit(request(800, 5), heard);
        heard.firstThinking.await();
        h.setBudget(1);
        ReasoningResult r = get(h);
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(r.thinkingIds().length).isLessThan(800);

        heard = new Recorder();
        h = reasoner.submit(request(200, 5), heard);
        heard.firstThinking.await();
        h.setBudget(220);
        assertThat(get(h).thinkingIds()).hasSize(220);
        ReasoningHandle over = h;
        assertThatThrownBy(() -> over.setBudget(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cancelKeepsWhatThereIs() throws Exception {
        counter.sleepMillis = 2;
        Recorder heard = new Recorder();
        ReasoningHandle h = reasoner.submit(request(800, 5), heard);
        heard.firstThinking.await();
        h.cancel();
        ReasoningResult r = get(h);
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.CANCELLED);
        assertThat(r.answerEnd()).isEqualTo(FinishReason.CANCELLED);
        assertThat(r.thinkingIds().length).isBetween(1, 799);
        assertThat(r.thinking()).isEqualTo(heard.thinking.toString());
        assertThat(r.answer()).isEmpty();
        assertThat(r.usage().fedTokens()).isEqualTo((int) counter.tokens);

        heard = new Recorder();
        h = reasoner.submit(request(3, 900), heard);
        heard.thinkingEnd.await();
        h.cancel();
        r = get(h);
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(r.answerEnd()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void interruptingTheCallerCancels() throws Exception {
        counter.sleepMillis = 5;
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                reasoner.reason(request(800, 5));
            } catch (CancellationException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        while (counter.steps < 3) {
            Thread.sleep(1);
        }
        caller.interrupt();
        caller.join();
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        assertThat(flag.get()).isTrue();
        counter.sleepMillis = 0;
        long before = counter.tokens;
        ReasoningResult next = reasoner.reason(request(5, 5)); // the row and its blocks are free again
        assertThat(next.thinkingIds()).hasSize(5);
        // at most one step of the cancelled request ran beside it
        assertThat(counter.tokens - before).isBetween((long) next.usage().fedTokens(), next.usage().fedTokens() + 1L);
    }

    @Test
    void closingFailsWhatIsInFlight() throws Exception {
        counter.sleepMillis = 2;
        Recorder heard = new Recorder();
        ReasoningHandle h = reasoner.submit(request(800, 5), heard);
        ReasoningHandle waiting = reasoner.submit(request(800, 5), new Recorder());
        heard.firstThinking.await();
        model.close();
        for (ReasoningHandle each : List.of(h, waiting)) {
            assertThatThrownBy(() -> get(each))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ModelClosedException.class);
        }
        assertThat(heard.order).containsExactly("error");
        assertThat(heard.error.get()).isInstanceOf(ModelClosedException.class);
        assertThatThrownBy(() -> reasoner.reason(request(1, 1))).isInstanceOf(ModelClosedException.class);
    }

    @Test
    void manyCallersAtOnceGetWhatTheyWouldAlone() throws Exception {
        List<ReasoningResult> alone = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            alone.add(reasoner.reason(request(i, 3 + i)));
        }
        List<Thread> callers = new ArrayList<>();
        ReasoningResult[] together = new ReasoningResult[12];
        for (int i = 0; i < 12; i++) {
            int n = i;
            callers.add(Thread.ofVirtual().start(() -> together[n] = reasoner.reason(request(n, 3 + n))));
        }
        for (Thread t : callers) {
            t.join();
        }
        for (int i = 0; i < 12; i++) {
            assertThat(together[i].thinkingIds()).isEqualTo(alone.get(i).thinkingIds());
            assertThat(together[i].answerIds()).isEqualTo(alone.get(i).answerIds());
        }
    }
}
