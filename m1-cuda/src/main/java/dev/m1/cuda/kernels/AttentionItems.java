package dev.m1.cuda.kernels;

/** Shares a step's attention out to blocks: the list of items of {@link Attention}. */
public final class AttentionItems {
    /** Ints of an item. */
    public static final int INTS = 4;

    /** Takes {@code value} as the list's int number {@code index}. */
    public interface Sink {
        void put(int index, int value);
    }

    private final int slots;
    private final int tileTokens;
    private final Sink sink;
    private int items;
    private int usedSlots;

    /**
     * @param slots partial results that fit
     * @param tileTokens tokens of an item, see {@link Attention#tileTokens}
     */
    public AttentionItems(int slots, int tileTokens, Sink sink) {
        this.slots = slots;
        this.tileTokens = tileTokens;
        this.sink = sink;
    }

    /** Adds a row: a long context of one token goes to many blocks, anything else is cut into tiles of tokens. */
    public void add(int firstToken, int tokens, int contextLength) {
        int splits = Math.ceilDiv(contextLength, Attention.SPLIT);
        if (tokens == 1 && splits > 1 && usedSlots + splits <= slots) {
            for (int s = 0; s < splits; s++) {
                item(firstToken, 1, s);
            }
            usedSlots += splits;
            return;
        }
        for (int t = 0; t < tokens; t += tileTokens) {
            item(firstToken + t, Math.min(tileTokens, tokens - t), -1);
        }
    }

    private void item(int token, int tokens, int split) {
        int at = items++ * INTS;
        sink.put(at, token);
        sink.put(at + 1, tokens);
        sink.put(at + 2, split);
        sink.put(at + 3, usedSlots);
    }

    /** How many there are. */
    public int count() {
        return items;
    }
}
