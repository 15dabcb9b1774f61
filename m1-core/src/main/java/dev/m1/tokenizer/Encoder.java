package dev.m1.tokenizer;

import java.util.Arrays;

/** Text to ids: added tokens, normalizer, pre-tokenizer, BPE. */
final class Encoder {
    private final AddedTokens added;
    private final Normalizer normalizer;
    private final SegmentEncoder segments;
    private final BpeModel model;
    private final BpeModel literalModel; // never gives a control token

    Encoder(AddedTokens added, Normalizer normalizer, SegmentEncoder segments, BpeModel model, BpeModel literalModel) {
        this.added = added;
        this.normalizer = normalizer;
        this.segments = segments;
        this.model = model;
        this.literalModel = literalModel;
    }

    /** All of the text may hold added tokens. */
    int[] encode(String text) {
        return new Run(Utf8.wellFormed(text), null, model).all();
    }

    /** None of the text is an added token. */
    int[] encodeLiteral(String text) {
        Run run = new Run(Utf8.wellFormed(text), null, literalModel);
        run.segment(normalizer.normalize(run.text, true, true), true);
        return run.out.toArray();
    }

    /** @param literal {@code [text.length()]}: characters that are not part of an added token */
    int[] encode(String text, boolean[] literal) {
        return new Run(Utf8.wellFormed(text), literal, literalModel).all();
    }

    /** One encoding. */
    private final class Run {
        final String text;
        final boolean[] literal; // [text.length()], or null for none
        final BpeModel bpe;
        final BpeMerger merger;
        final IntList out;

        Run(String text, boolean[] literal, BpeModel bpe) {
            this.text = text;
            this.literal = literal;
            this.bpe = bpe;
            merger = bpe.merger();
            out = new IntList(text.length() / 4 + 8);
        }

        int[] all() {
            if (added.raw == null) {
                part(-1, 0, text.length());
            } else {
                added.raw.split(text, literal, this::part);
            }
            return out.toArray();
        }

        private void part(int id, int start, int end) {
            if (id >= 0) {
                out.add(id);
                return;
            }
            String raw = text.substring(start, end);
            if (added.normalized == null) {
                segment(normalizer.normalize(raw, true, true), start == 0);
                return;
            }
            String normal = normalizer.normalize(raw, true, true);
            boolean[] marks = literal == null ? null : marks(raw, start, normal);
            added.normalized.split(normal, marks, (token, from, to) -> {
                if (token >= 0) {
                    out.add(token);
                } else {
                    segment(normal.substring(from, to), start == 0 && from == 0);
                }
            });
        }

        /**
         * Which characters of a normalized text come from literal ones: the runs between the borders are normalized
         * one by one. If that gives another text, characters met across a border; then all of it counts as literal.
         */
        private boolean[] marks(String raw, int start, String normal) {
            boolean[] marks = new boolean[normal.length()];
            StringBuilder joined = new StringBuilder(normal.length());
            for (int from = 0; from < raw.length(); ) {
                int to = from + 1;
                while (to < raw.length() && literal[start + to] == literal[start + from]) {
                    to++;
                }
                int begin = joined.length();
                joined.append(normalizer.normalize(raw.substring(from, to), from == 0, to == raw.length()));
                for (int i = begin; i < Math.min(joined.length(), marks.length); i++) {
                    marks[i] = literal[start + from];
                }
                from = to;
            }
            if (!normal.contentEquals(joined)) {
                Arrays.fill(marks, true);
            }
            return marks;
        }

        void segment(String normal, boolean atStart) {
            if (!normal.isEmpty()) {
                segments.encode(normal, atStart, bpe, merger, out);
            }
        }
    }
}
