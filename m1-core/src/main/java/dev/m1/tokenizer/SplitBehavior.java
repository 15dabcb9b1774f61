package dev.m1.tokenizer;

/** What becomes of the matches when a text is split at them (SplitDelimiterBehavior of HF). */
enum SplitBehavior {
    REMOVED("Removed"),
    ISOLATED("Isolated"),
    MERGED_WITH_PREVIOUS("MergedWithPrevious"),
    MERGED_WITH_NEXT("MergedWithNext"),
    CONTIGUOUS("Contiguous");

    final String jsonName;

    SplitBehavior(String jsonName) {
        this.jsonName = jsonName;
    }

    /** The behavior with that name in tokenizer.json, or null. */
    static SplitBehavior of(String jsonName) {
        for (SplitBehavior behavior : values()) {
            if (behavior.jsonName.equals(jsonName)) {
                return behavior;
            }
        }
        return null;
    }

    /** Whether a span goes on with the group before it instead of starting its own. */
    boolean joins(boolean match, boolean previousMatch) {
        return switch (this) {
            case REMOVED, ISOLATED -> false;
            case MERGED_WITH_PREVIOUS -> match && !previousMatch;
            case MERGED_WITH_NEXT -> !match && previousMatch;
            case CONTIGUOUS -> match == previousMatch;
        };
    }
}
