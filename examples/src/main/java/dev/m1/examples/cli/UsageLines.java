package dev.m1.examples.cli;

import dev.m1.ReasoningResult;
import dev.m1.Usage;
import java.time.Duration;
import java.util.Locale;

/** What a run cost, for people. */
final class UsageLines {
    private UsageLines() {}

    static String brief(ReasoningResult r) {
        Usage u = r.usage();
        return String.format(
                        Locale.ROOT,
                        "%s: thinking %d tokens (%s%s), answer %d (%s), prompt %d; first token after %s, %.1f tokens/s",
                        r.protocol(),
                        u.thinkingTokens(),
                        r.thinkingEnd().name().toLowerCase(Locale.ROOT),
                        waits(r.waits()),
                        u.answerTokens(),
                        r.answerEnd().wireName(),
                        u.promptTokens(),
                        seconds(u.timeToFirstToken()),
                        u.tokensPerSecond())
                + (r.thinkingEndDetail().isEmpty() ? "" : "\n" + r.thinkingEndDetail());
    }

    static String detailed(ReasoningResult r) {
        Usage u = r.usage();
        return brief(r)
                + String.format(
                        Locale.ROOT,
                        "%ninjected %d tokens, reused %d, discarded %d, never fed %d; fed through the model %d"
                                + "%nthinking took %s, the answer %s, all %s",
                        u.injectedTokens(),
                        u.reusedTokens(),
                        u.discardedTokens(),
                        u.unfedTokens(),
                        u.fedTokens(),
                        seconds(u.thinkingTime()),
                        seconds(u.answerTime()),
                        seconds(u.totalTime()));
    }

    private static String waits(int n) {
        return switch (n) {
            case 0 -> "";
            case 1 -> ", 1 wait";
            default -> ", " + n + " waits";
        };
    }

    private static String seconds(Duration d) {
        return String.format(Locale.ROOT, "%.2f s", d.toNanos() / 1e9);
    }
}
