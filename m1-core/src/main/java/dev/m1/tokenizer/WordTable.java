package dev.m1.tokenizer;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** The tokens of a byte-level vocabulary by the bytes they stand for. Built once, then only read. */
final class WordTable {
    static final int MISSING = -1;

    private final byte[] data; // all tokens, one after the other
    private final int[] ends; // [id + 1]: token id is data[ends[id], ends[id + 1]); empty if it stands for no bytes
    private final long[] slots; // hash << 32 | id, or -1; open addressing
    private final int maxLength; // bytes of the longest token
    // so that a file cannot be made to collide
    private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;

    WordTable(Vocabulary vocabulary) {
        int size = vocabulary.end();
        ends = new int[size + 1];
        byte[] bytes = new byte[Math.max(16, size * 8)];
        int used = 0;
        int longest = 0;
        for (int id = 0; id < size; id++) {
            String token = vocabulary.token(id);
            byte[] word = token == null ? null : ByteAlphabet.bytes(token);
            if (word != null) {
                if (bytes.length - used < word.length) {
                    bytes = Arrays.copyOf(bytes, Math.max(used + word.length, bytes.length + (bytes.length >> 1)));
                }
                System.arraycopy(word, 0, bytes, used, word.length);
                used += word.length;
                longest = Math.max(longest, word.length);
            }
            ends[id + 1] = used;
        }
        data = Arrays.copyOf(bytes, used);
        maxLength = longest;
        slots = new long[Math.max(16, Integer.highestOneBit(Math.max(1, vocabulary.count() * 3 / 2)) * 2)];
        Arrays.fill(slots, -1);
        for (int id = 0; id < size; id++) {
            if (ends[id] < ends[id + 1]) {
                insert(id);
            }
        }
    }

    /** The id of the token that stands for {@code text[from, to)}, or {@link #MISSING}. */
    int id(byte[] text, int from, int to) {
        if (to - from > maxLength) {
            return MISSING;
        }
        long hash = hash(text, from, to);
        for (int slot = (int) hash & slots.length - 1;; slot = slot + 1 & slots.length - 1) {
            long found = slots[slot];
            if (found == -1) {
                return MISSING;
            }
            if (found >>> 32 == hash >>> 32) {
                int id = (int) found;
                if (Arrays.equals(data, ends[id], ends[id + 1], text, from, to)) {
                    return id;
                }
            }
        }
    }

    private void insert(int id) {
        long hash = hash(data, ends[id], ends[id + 1]);
        int slot = (int) hash & slots.length - 1;
        while (slots[slot] != -1) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = hash & 0x7FFFFFFF_00000000L | id;
    }

    private long hash(byte[] bytes, int from, int to) {
        long hash = to - from;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i]) * multiplier;
            hash ^= hash >>> 29;
        }
        return hash & Long.MAX_VALUE;
    }
}
