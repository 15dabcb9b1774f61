package dev.m1.bench.synthetic;

import java.util.List;
import java.util.SplittableRandom;

/** English-looking text without meaning, from a seed: input for tokenizers where no real text is at hand. */
public final class SyntheticText {
    static final List<String> WORDS = List.of(("the of and to in a is that for was with as on by at this from are be or"
                    + " an which had not has were his her she he it they been have one two after before when most"
                    + " likely patient year old woman man presents history pain fever blood pressure heart rate"
                    + " examination shows following cause diagnosis treatment because therefore answer question"
                    + " thinking wait however first second also normal elevated levels cells disease deficiency"
                    + " vitamin infection chronic acute symptoms weeks days hours medication risk factor test result"
                    + " would could should must no yes more less than over under between without during while")
            .split(" "));
    private static final String[] ENDS = {". ", ", ", "? ", "; ", ".\n", " (12.5 mg/dL) ", ": ", " 37 "};

    private SyntheticText() {}

    /** About {@code chars} characters. */
    public static String of(int chars, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(chars + 32);
        while (text.length() < chars) {
            int words = 4 + random.nextInt(12);
            for (int i = 0; i < words; i++) {
                text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
            }
            text.append(ENDS[random.nextInt(ENDS.length)]);
        }
        return text.toString();
    }
}
