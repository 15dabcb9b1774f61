package dev.m1.examples.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Token ids on a command line: {@code 1,2,3}. */
final class TokenIds {
    private TokenIds() {}

    /**
     * @throws IllegalArgumentException naming what is not an id
     */
    static int[] parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("--ids is empty: at least one token id is needed");
        }
        return Arrays.stream(text.split(",", -1)).mapToInt(TokenIds::id).toArray();
    }

    private static int id(String word) {
        try {
            return Integer.parseInt(word.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + word.strip() + "' in --ids is not a token id", e);
        }
    }

    static String format(int[] ids) {
        return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }
}
