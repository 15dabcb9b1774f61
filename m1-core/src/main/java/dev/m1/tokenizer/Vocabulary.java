package dev.m1.tokenizer;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** Token strings and their ids, both ways. Built once while loading, then only read. */
final class Vocabulary {
    private final int seed = ThreadLocalRandom.current().nextInt(); // so that a file cannot be made to collide
    private String[] tokens = new String[1024]; // [id], null where no token has that id
    private int[] slots = filled(4096); // token id or -1; open addressing
    private int count;
    private int end; // largest id + 1

    /** Adds a token; false if its text is there already. The caller has checked that the id is free. */
    boolean add(String token, int id) {
        int slot = find(token);
        if (slots[slot] >= 0) {
            return false;
        }
        if (id >= tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(id + 1, tokens.length + (tokens.length >> 1)));
        }
        tokens[id] = token;
        slots[slot] = id;
        count++;
        end = Math.max(end, id + 1);
        if (count * 2 > slots.length) {
            grow();
        }
        return true;
    }

    /** The id of a token, or -1. */
    int id(CharSequence token) {
        return slots[find(token)];
    }

    /** The id of the token {@code chars[from, from + length)}, or -1. */
    int id(char[] chars, int from, int length) {
        int hash = seed;
        for (int i = 0; i < length; i++) {
            hash = mix(hash, chars[from + i]);
        }
        int mask = slots.length - 1;
        for (int slot = spread(hash) & mask;; slot = slot + 1 & mask) {
            int id = slots[slot];
            if (id < 0 || equal(tokens[id], chars, from, length)) {
                return id;
            }
        }
    }

    /** The token with an id, or null. */
    String token(int id) {
        return id >= 0 && id < end ? tokens[id] : null;
    }

    /** Number of tokens. */
    int count() {
        return count;
    }

    /** Largest id + 1. */
    int end() {
        return end;
    }

    private int find(CharSequence token) {
        int hash = seed;
        for (int i = 0; i < token.length(); i++) {
            hash = mix(hash, token.charAt(i));
        }
        int mask = slots.length - 1;
        int slot = spread(hash) & mask;
        while (slots[slot] >= 0 && !tokens[slots[slot]].contentEquals(token)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        slots = filled(slots.length * 2);
        for (int id = 0; id < end; id++) {
            if (tokens[id] != null) {
                slots[find(tokens[id])] = id;
            }
        }
    }

    private static int mix(int hash, char c) {
        return Integer.rotateLeft((hash ^ c) * 0x9E3779B1, 13);
    }

    private static int spread(int hash) {
        int h = (hash ^ hash >>> 15) * 0x85EBCA6B;
        return h ^ h >>> 13;
    }

    private static boolean equal(String token, char[] chars, int from, int length) {
        if (token.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (token.charAt(i) != chars[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int[] filled(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, -1);
        return slots;
    }
}
