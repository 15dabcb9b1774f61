package dev.m1.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Merging against the definition of BPE, written down naively. */
class BpeMergerTest {
    @Property(tries = 3000)
    void scanAndHeapFollowTheDefinition(@ForAll long seed, @ForAll @IntRange(min = 0, max = 300) int length) {
        Random random = new Random(seed);
        int alphabet = 1 + random.nextInt(4);
        List<int[]> rules = new ArrayList<>(); // left, right; rule i gives the symbol alphabet + i
        PairMap merges = new PairMap(40);
        for (int i = 0; i < 40; i++) {
            int left = random.nextInt(alphabet + i);
            int right = random.nextInt(alphabet + i);
            if (merges.get(left, right) == PairMap.NONE) {
                merges.put(left, right, (long) rules.size() << 32 | alphabet + rules.size());
                rules.add(new int[] {left, right});
            } else {
                break;
            }
        }
        BpeMerger merger = new BpeMerger(merges);
        for (int round = 0; round < 2; round++) { // the scratch space is used again
            List<Integer> word = new ArrayList<>();
            merger.size = 0;
            for (int i = 0; i < length >> round; i++) {
                word.add(random.nextInt(alphabet));
                merger.add(word.get(i));
            }
            merger.merge();
            assertThat(Arrays.copyOf(merger.symbols, merger.size)).containsExactly(naive(word, rules, alphabet));
        }
    }

    private static int[] naive(List<Integer> word, List<int[]> rules, int alphabet) {
        while (true) {
            int rank = rules.size();
            int at = -1;
            for (int i = 0; i + 1 < word.size(); i++) {
                for (int r = 0; r < rank; r++) {
                    if (rules.get(r)[0] == word.get(i) && rules.get(r)[1] == word.get(i + 1)) {
                        rank = r;
                        at = i;
                    }
                }
            }
            if (at < 0) {
                return word.stream().mapToInt(Integer::intValue).toArray();
            }
            word.set(at, alphabet + rank);
            word.remove(at + 1);
        }
    }
}
