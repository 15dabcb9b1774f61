package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.ModelClosedException;
import dev.m1.sampling.Sampling;
import dev.m1.thinking.ThinkingProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java Flight Recorder gets from a model at work. */
class FlightRecorderTest extends OpenModelTest {
    @TempDir
    Path dir;

    FlightRecorderTest() {
        super("tiny-qwen2", ModelOptions.builder().threads(1).build());
    }

    private static ReasoningRequest request(int budget) {
        return ReasoningRequest.builder()
                .user("Which one is it?")
                .budget(upTo(budget))
                .maxAnswerTokens(4)
                .build();
    }

    /** The events, in the order of their end. */
    private List<RecordedEvent> stop(Recording recording) throws Exception {
        recording.stop();
        Path file = dir.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .sorted(Comparator.comparing(RecordedEvent::getEndTime))
                .toList();
    }

    private static List<RecordedEvent> named(String name, List<RecordedEvent> all) {
        return all.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
    }

    @Test
    void everyRequestAndEveryStepIsAnEvent() throws Exception {
        reasoner.reason(request(5)); // before the recording: not in it
        long stepsBefore = counter.steps;
        long tokensBefore = counter.tokens;
        try (Recording recording = new Recording()) {
            recording.enable("dev.m1.Request").withoutThreshold();
            recording.enable("dev.m1.Step").withoutThreshold();
            recording.start();
            ReasoningResult r = reasoner.reason(request(12));
            ReasoningResult plain = reasoner.reason(
                    request(0).toBuilder().protocol(ThinkingProtocol.PLAIN).build());
            counter.shut();
            ReasoningHandle h = reasoner.submit(request(9), new ReasoningListener() {});
            counter.allow(3);
            h.cancel();
            counter.open();
            ReasoningResult cancelled = h.result().get();
            counter.shut();
            ReasoningHandle failing = reasoner.submit(request(9), new ReasoningListener() {});
            counter.allow(1);
            Thread closer = new Thread(model::close);
            closer.start();
            while (closer.getState() != Thread.State.WAITING) {
                Thread.sleep(1); // it waits for the engine's thread, whose step stands at the gate
            }
            counter.open();
            closer.join();
            assertThatThrownBy(() -> failing.result().get()).hasMessageContaining("closed");
            List<RecordedEvent> all = stop(recording);

            List<RecordedEvent> requests = named("dev.m1.Request", all);
            assertThat(requests).hasSize(4);
            check(requests.get(0), r);
            check(requests.get(1), plain);
            check(requests.get(2), cancelled);
            assertThat(requests.get(3).getString("failure")).contains("closed");
            assertThat(requests.get(3).getInt("results")).isZero();
            assertThat(requests.get(3).getInt("promptTokens")).isEqualTo(r.usage().promptTokens());
            assertThat(requests.get(3).getString("thinkingEnd")).isNull();

            List<RecordedEvent> steps = named("dev.m1.Step", all);
            assertThat(steps).hasSize((int) (counter.steps - stepsBefore));
            assertThat(steps.stream().mapToLong(e -> e.getInt("tokens")).sum())
                    .isEqualTo(counter.tokens - tokensBefore);
            for (RecordedEvent e : steps) {
                assertThat(e.getInt("rows")).isEqualTo(1);
                assertThat(e.getInt("waiting")).isZero();
                assertThat(e.getThread().getJavaName()).isEqualTo("m1-engine");
                assertThat(e.getDuration()).isGreaterThan(Duration.ZERO);
            }
            assertThat(requests.get(0).getDuration())
                    .as("a request lasts as long as its steps at least")
                    .isGreaterThan(steps.stream()
                            .limit(r.usage().outputTokens() - 1)
                            .map(RecordedEvent::getDuration)
                            .reduce(Duration.ZERO, Duration::plus));
        }
    }

    private static void check(RecordedEvent e, ReasoningResult r) {
        assertThat(e.getString("kind")).isEqualTo("reason");
        assertThat(e.getInt("results")).isEqualTo(1);
        assertThat(e.getString("protocol")).isEqualTo(r.protocol());
        assertThat(e.getInt("promptTokens")).isEqualTo(r.usage().promptTokens());
        assertThat(e.getInt("thinkingTokens")).isEqualTo(r.usage().thinkingTokens());
        assertThat(e.getInt("answerTokens")).isEqualTo(r.usage().answerTokens());
        assertThat(e.getInt("reusedTokens")).isEqualTo(r.usage().reusedTokens());
        assertThat(e.getInt("fedTokens")).isEqualTo(r.usage().fedTokens());
        assertThat(e.getInt("waits")).isEqualTo(r.waits());
        assertThat(e.getString("thinkingEnd")).isEqualTo(r.thinkingEnd().name());
        assertThat(e.getString("answerEnd")).isEqualTo(r.answerEnd().name());
        assertThat(e.getString("failure")).isNull();
    }

    @Test
    void sweepsVotesAndPlainGenerationsAreEventsToo() throws Exception {
        ReasoningRequest sampled = request(6).toBuilder()
                .sampling(Sampling.builder().temperature(1).seed(7).build())
                .build();
        int[] prompt = {5, 6, 7};
        try (Recording recording = new Recording()) {
            recording.enable("dev.m1.Request").withoutThreshold();
            recording.enable("dev.m1.Step").withoutThreshold();
            recording.start();
            BudgetSweep sweep = reasoner.sweep(request(0), BudgetGrid.of(new int[] {0, 4, 9}, new int[] {0, 1}));
            Vote vote = reasoner.vote(sampled, 3, r -> null);
            assertThatThrownBy(() -> reasoner.vote(sampled, 3, r -> {
                        throw new IllegalStateException("no key");
                    }))
                    .hasMessageContaining("no key");
            Generation plain = model.generate(prompt, GenerationOptions.greedy(8).withIgnoreEos(true));
            model.nextTokenLogits(prompt);
            model.close();
            assertThatThrownBy(() -> reasoner.sweep(request(0), BudgetGrid.of(new int[] {4}, new int[] {0})))
                    .isInstanceOf(ModelClosedException.class);
            assertThatThrownBy(() -> model.generate(prompt, GenerationOptions.greedy(2)))
                    .isInstanceOf(ModelClosedException.class);
            List<RecordedEvent> all = stop(recording);

            List<RecordedEvent> requests = named("dev.m1.Request", all);
            assertThat(requests.stream().map(e -> e.getString("kind")))
                    .containsExactly("sweep", "vote", "vote", "generate", "logits", "sweep", "generate");
            checkMany(requests.get(0), List.copyOf(sweep.cells().values()), sweep.ledger().fed());
            checkMany(requests.get(1), vote.samples(), vote.fedTokens());
            assertThat(requests.get(2).getString("failure")).contains("no key");
            RecordedEvent g = requests.get(3);
            assertThat(g.getInt("promptTokens")).isEqualTo(3);
            assertThat(g.getInt("answerTokens")).isEqualTo(8);
            assertThat(g.getInt("fedTokens")).isEqualTo(plain.usage().fedTokens());
            assertThat(g.getString("answerEnd")).isEqualTo("LENGTH");
            assertThat(g.getString("protocol")).isNull();
            assertThat(requests.get(4).getInt("fedTokens")).isEqualTo(3);
            for (int i = 5; i < 7; i++) {
                assertThat(requests.get(i).getString("failure")).contains("closed");
            }
            long answered = requests.stream()
                    .filter(e -> e.getString("failure") == null)
                    .mapToLong(e -> e.getInt("fedTokens"))
                    .sum();
            assertThat(answered)
                    .as("tokens of the steps, of which the vote that failed has some")
                    .isPositive()
                    .isLessThan(named("dev.m1.Step", all).stream()
                            .mapToLong(e -> e.getInt("tokens"))
                            .sum());
        }
    }

    private static void checkMany(RecordedEvent e, List<ReasoningResult> results, long fed) {
        assertThat(e.getString("protocol")).isEqualTo(results.get(0).protocol());
        assertThat(e.getInt("results")).isEqualTo(results.size()).isGreaterThan(1);
        assertThat(e.getInt("promptTokens"))
                .isEqualTo(results.get(0).usage().promptTokens())
                .isPositive();
        assertThat(e.getInt("thinkingTokens"))
                .isEqualTo(results.stream()
                        .mapToInt(r -> r.usage().thinkingTokens())
                        .sum())
                .isPositive();
        assertThat(e.getInt("answerTokens"))
                .isEqualTo(results.stream().mapToInt(r -> r.usage().answerTokens()).sum());
        assertThat(e.getInt("waits"))
                .isEqualTo(results.stream().mapToInt(ReasoningResult::waits).sum());
        assertThat(e.getInt("fedTokens")).isEqualTo((int) fed).isPositive();
        assertThat(e.getInt("reusedTokens")).isLessThan(e.getInt("promptTokens"));
        assertThat(e.getString("thinkingEnd")).isNull();
        assertThat(e.getString("failure")).isNull();
        assertThat(e.getDuration()).isGreaterThan(Duration.ZERO);
    }

    @Test
    void nothingComesWhenTheEventsAreOff() throws Exception {
        try (Recording recording = new Recording()) {
            recording.disable("dev.m1.Request");
            recording.disable("dev.m1.Step");
            recording.start();
            reasoner.reason(request(5));
            List<RecordedEvent> all = stop(recording);
            assertThat(named("dev.m1.Request", all)).isEmpty();
            assertThat(named("dev.m1.Step", all)).isEmpty();
        }
    }
}
