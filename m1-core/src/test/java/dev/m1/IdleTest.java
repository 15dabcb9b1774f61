package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.testing.Fixtures;
import dev.m1.thinking.ThinkingProtocol;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an open model costs its host's process while nothing is asked of it, and what too many threads do. */
@Timeout(120)
class IdleTest {
    private static final long SETTLE_MILLIS = 200; // twice what a model may take until it is idle
    private static final long WINDOW_MILLIS = 2000;

    /**
     * 1 % of one processor over the window. A single thread that spins or polls without pause uses its share of the
     * processors: on two of them, beside seven like it and others as many, still over 100 ms. What is measured when all
     * sleep is 0, and some microseconds for a wake-up a second.
     */
    private static final long LIMIT_NANOS = WINDOW_MILLIS * 1_000_000 / 100;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static LanguageModel open(int threads) {
        return LanguageModel.open(
                Fixtures.model("tiny-qwen2"),
                ModelOptions.builder().threads(threads).build());
    }

    /** CPU time by thread, of those that were not there before; in ns. */
    private static Map<String, Long> cpuTimes(long[] before) {
        Map<String, Long> times = new TreeMap<>();
        for (long id : THREADS.getAllThreadIds()) {
            var info = THREADS.getThreadInfo(id);
            if (info != null && Arrays.stream(before).noneMatch(b -> b == id)) {
                times.put(info.getThreadName() + " " + id, THREADS.getThreadCpuTime(id));
            }
        }
        return times;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void anOpenModelUsesNoProcessor(int threads) throws Exception {
        long[] before = LongStream.of(THREADS.getAllThreadIds()).toArray();
        try (LanguageModel model = open(threads)) {
            model.generate(new int[] {1, 2, 3}, GenerationOptions.greedy(16).withIgnoreEos(true));
            ReasoningRequest request = ReasoningRequest.builder()
                    .user("Which one is it?")
                    .protocol(ThinkingProtocol.PLAIN)
                    .budget(upTo(4))
                    .maxAnswerTokens(8)
                    .build();
            Reasoner.of(model)
                    .submit(request, new ReasoningListener() {})
                    .result()
                    .get();
            Thread.sleep(SETTLE_MILLIS);
            Map<String, Long> begin = cpuTimes(before);
            Thread.sleep(WINDOW_MILLIS);
            Map<String, Long> end = cpuTimes(before);

            assertThat(end.keySet().stream().map(name -> name.replaceAll(" \\d+$", "")))
                    .as("the engine and all workers are looked at")
                    .contains("m1-engine")
                    .filteredOn(name -> name.startsWith("m1-cpu-"))
                    .hasSize(threads - 1);
            long used = end.entrySet().stream()
                    .mapToLong(e -> e.getValue() - begin.getOrDefault(e.getKey(), 0L))
                    .sum();
            assertThat(used).as("ns of %s, from %s", end, begin).isLessThan(LIMIT_NANOS);
        }
    }

    /** Far more threads than processors and than rows to share out. */
    @Test
    void threadsDoNotChangeWhatIsGenerated() {
        GenerationOptions options = GenerationOptions.greedy(64).withIgnoreEos(true);
        int[] prompt = {9, 8, 7, 6, 5};
        try (LanguageModel one = open(1);
                LanguageModel many = open(64)) {
            assertThat(many.generate(prompt, options).tokenIds())
                    .isEqualTo(one.generate(prompt, options).tokenIds());
            assertThat(many.nextTokenLogits(prompt)).isEqualTo(one.nextTokenLogits(prompt));
        }
    }
}
