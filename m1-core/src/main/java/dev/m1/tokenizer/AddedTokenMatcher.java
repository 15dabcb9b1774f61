package dev.m1.tokenizer;

import java.util.Map;

/** Finds added tokens in a text: leftmost first, of those the longest. A trie over UTF-16 units. */
final class AddedTokenMatcher {
    /** Receives the parts of a text in order: added tokens with their id, and the text between them with id -1. */
    interface Sink {
        void part(int id, int start, int end);
    }

    private final PairMap edges; // (node, character) -> node
    private final AddedToken[] tokenAt; // [node], null where no token ends
    private final boolean[] firstUnits = new boolean[0x10000];

    /** A matcher for tokens by the text to look for; no text may be empty. */
    AddedTokenMatcher(Map<String, AddedToken> tokens) {
        int units = tokens.keySet().stream().mapToInt(String::length).sum();
        edges = new PairMap(units);
        tokenAt = new AddedToken[units + 1];
        int nodes = 1;
        for (Map.Entry<String, AddedToken> entry : tokens.entrySet()) {
            String text = entry.getKey();
            firstUnits[text.charAt(0)] = true;
            int node = 0;
            for (int i = 0; i < text.length(); i++) {
                long child = edges.get(node, text.charAt(i));
                if (child == PairMap.NONE) {
                    child = nodes++;
                    edges.put(node, text.charAt(i), child);
                }
                node = (int) child;
            }
            tokenAt[node] = entry.getValue();
        }
    }

    /**
     * Cuts a text at its added tokens.
     *
     * @param literal {@code [text.length()]}: no token is found in or across a character marked here; null for none
     */
    void split(String text, boolean[] literal, Sink sink) {
        int done = 0;
        int at = 0;
        while (at < text.length()) {
            int end = firstUnits[text.charAt(at)] ? longest(text, at, literal) : -1;
            if (end < 0) {
                at++;
                continue;
            }
            AddedToken token = tokenIn(text, at, end);
            if (!token.singleWord() || standsAlone(text, at, end)) {
                int start = token.lstrip() ? Math.max(done, spaceBefore(text, at)) : at;
                int stop = token.rstrip() ? spaceAfter(text, end) : end;
                if (done < start) {
                    sink.part(-1, done, start);
                }
                sink.part(token.id(), start, stop);
                done = stop;
            }
            at = end;
        }
        if (done < text.length()) {
            sink.part(-1, done, text.length());
        }
    }

    /** End of the longest token that starts at {@code from}, or -1. */
    private int longest(String text, int from, boolean[] literal) {
        int end = -1;
        int node = 0;
        for (int i = from; i < text.length() && (literal == null || !literal[i]); i++) {
            long child = edges.get(node, text.charAt(i));
            if (child == PairMap.NONE) {
                break;
            }
            node = (int) child;
            if (tokenAt[node] != null) {
                end = i + 1;
            }
        }
        return end;
    }

    private AddedToken tokenIn(String text, int from, int to) {
        int node = 0;
        for (int i = from; i < to; i++) {
            node = (int) edges.get(node, text.charAt(i));
        }
        return tokenAt[node];
    }

    private static boolean standsAlone(String text, int start, int end) {
        return (start == 0 || !UnicodeClasses.is(text.codePointBefore(start), UnicodeClasses.WORD))
                && (end == text.length() || !UnicodeClasses.is(text.codePointAt(end), UnicodeClasses.WORD));
    }

    private static int spaceBefore(String text, int end) {
        int at = end;
        while (at > 0 && UnicodeClasses.is(text.charAt(at - 1), UnicodeClasses.SPACE)) {
            at--;
        }
        return at;
    }

    private static int spaceAfter(String text, int start) {
        int at = start;
        while (at < text.length() && UnicodeClasses.is(text.charAt(at), UnicodeClasses.SPACE)) {
            at++;
        }
        return at;
    }
}
