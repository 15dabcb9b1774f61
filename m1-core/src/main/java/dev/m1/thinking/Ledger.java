package dev.m1.thinking;

/**
 * Tokens of one run by what they were for. The final sequence has {@code prompt + thinking + injected + answer} ids;
 * those fed through the model are {@link #fed()}.
 *
 * @param prompt ids of the rendered prompt
 * @param thinking sampled ids that are part of the thinking
 * @param injected ids m1 put in: opening and closing markers, newline, Waits, landing phrase
 * @param answer sampled ids that are part of the answer
 * @param discarded ids that were fed, then taken back because the text was encoded anew
 * @param unfed sampled ids of the record that never had to be fed (the last one of an output cut by its cap)
 */
public record Ledger(int prompt, int thinking, int injected, int answer, int discarded, int unfed) {
    /** Ids that went through the model, if nothing was reused from an earlier run. */
    public int fed() {
        return prompt + thinking + injected + answer + discarded - unfed;
    }
}
