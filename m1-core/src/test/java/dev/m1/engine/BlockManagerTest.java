package dev.m1.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.spi.KvGeometry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockManagerTest {
    @Property
    void noBlockIsHeldTwiceAndNoneIsLost(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int total) {
        BlockManager blocks = new BlockManager(new KvGeometry(8, total, 64));
        Random random = new Random(seed);
        List<int[]> held = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int n = random.nextInt(5);
            if (random.nextBoolean() && blocks.canAllocate(n)) {
                held.add(blocks.allocate(n));
            } else if (!held.isEmpty()) {
                blocks.release(held.remove(random.nextInt(held.size())));
            }
            Set<Integer> distinct = new HashSet<>();
            int count = 0;
            for (int[] table : held) {
                for (int block : table) {
                    assertThat(block).isBetween(0, total - 1);
                    distinct.add(block);
                    count++;
                }
            }
            assertThat(distinct).hasSize(count);
            assertThat(blocks.freeBlocks()).isEqualTo(total - count);
        }
    }

    @Test
    void misuseIsNoticed() {
        BlockManager blocks = new BlockManager(new KvGeometry(8, 3, 64));
        assertThatThrownBy(() -> blocks.allocate(4)).hasMessageContaining("4").hasMessageContaining("3");
        int[] table = blocks.allocate(2);
        blocks.release(table);
        assertThatThrownBy(() -> blocks.release(table)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void blocksAreRoundedUp() {
        BlockManager blocks = new BlockManager(new KvGeometry(8, 3, 64));
        assertThat(blocks.blocksFor(0)).isZero();
        assertThat(blocks.blocksFor(8)).isEqualTo(1);
        assertThat(blocks.blocksFor(9)).isEqualTo(2);
    }
}
