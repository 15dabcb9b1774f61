package dev.m1.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Random writing, forking, truncating and releasing over a pool of memory cells: every table reads back what was
 * written through it, whatever the others do, and no block is lost.
 */
class BlockTablePropertyTest {
    private static final int BLOCK = 4;

    /** A table with the ids that were written through it. */
    private static final class Written {
        final BlockTable table;
        int[] ids = new int[64];
        int length;

        Written(BlockTable table) {
            this.table = table;
        }
    }

    @Property(tries = 500)
    void everyTableReadsWhatWasWrittenThroughIt(@ForAll long seed, @ForAll @IntRange(min = 2, max = 30) int total) {
        Random random = new Random(seed);
        BlockManager manager = new BlockManager(new KvGeometry(BLOCK, total, 64));
        HashDecoder memory = new HashDecoder(BLOCK, total, -1);
        List<Written> tables = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            act(random, manager, memory, tables);
            check(manager, memory, tables);
        }
        tables.forEach(t -> t.table.truncate(0));
        assertThat(manager.freeBlocks()).isEqualTo(total);
    }

    private static void act(Random random, BlockManager manager, HashDecoder memory, List<Written> tables) {
        Written w = tables.isEmpty() ? null : tables.get(random.nextInt(tables.size()));
        switch (random.nextInt(6)) {
            case 0 -> begin(random, manager, memory, tables);
            case 1, 2 -> {
                if (w != null) {
                    write(random, manager, memory, w, 1 + random.nextInt(6));
                }
            }
            case 3 -> {
                if (w != null) {
                    int keep = random.nextInt(w.length + 1);
                    Written fork = new Written(w.table.fork(keep));
                    System.arraycopy(w.ids, 0, fork.ids, 0, keep);
                    fork.length = keep;
                    tables.add(fork);
                }
            }
            case 4 -> {
                if (w != null) {
                    w.length = random.nextInt(w.length + 1);
                    w.table.truncate(w.length);
                }
            }
            default -> {
                if (w != null) {
                    w.table.truncate(0);
                    tables.remove(w);
                }
            }
        }
    }

    /** A new sequence of few different ids, so that prefixes repeat. */
    private static void begin(Random random, BlockManager manager, HashDecoder memory, List<Written> tables) {
        Written w = new Written(new BlockTable(manager));
        int wanted = 1 + random.nextInt(20);
        for (int i = 0; i < wanted; i++) {
            w.ids[i] = random.nextInt(2);
        }
        w.length = w.table.reuse(w.ids, wanted);
        assertThat(w.length).isLessThan(wanted);
        tables.add(w);
        write(random, manager, memory, w, wanted - w.length);
    }

    private static void write(Random random, BlockManager manager, HashDecoder memory, Written w, int tokens) {
        int n = Math.min(tokens, w.ids.length - w.length);
        if (n == 0 || w.table.missing(w.length, w.length + n) > manager.freeBlocks()) {
            return;
        }
        BlockCopies copies = new BlockCopies();
        w.table.prepare(w.length, w.length + n, copies);
        copies.applyTo((Decoder) memory);
        for (int p = w.length; p < w.length + n; p++) {
            w.ids[p] = random.nextInt(2);
            int block = w.table.array()[p / BLOCK];
            assertThat(manager.isShared(block))
                    .as("a written block has one holder")
                    .isFalse();
            memory.write(block, p % BLOCK, w.ids[p]);
        }
        w.length += n;
        w.table.written(w.ids, w.length);
    }

    private static void check(BlockManager manager, HashDecoder memory, List<Written> tables) {
        Map<Integer, Integer> held = new HashMap<>();
        for (Written w : tables) {
            for (int b = 0; b < w.table.count(); b++) {
                held.merge(w.table.array()[b], 1, Integer::sum);
            }
            for (int p = 0; p < w.length; p++) {
                assertThat(memory.read(w.table.array()[p / BLOCK], p % BLOCK)).isEqualTo(w.ids[p]);
            }
        }
        held.forEach((block, count) -> assertThat(manager.references(block)).isEqualTo(count));
        assertThat(manager.freeBlocks()).isEqualTo(manager.totalBlocks() - held.size());
    }
}
