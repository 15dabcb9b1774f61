package dev.m1.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.spi.KvGeometry;
import org.junit.jupiter.api.Test;

class BlockManagerTest {
    private final BlockManager blocks = new BlockManager(new KvGeometry(2, 3, 64));

    @Test
    void misuseIsNoticed() {
        int a = blocks.allocate();
        blocks.allocate();
        blocks.allocate();
        assertThatThrownBy(blocks::allocate).isInstanceOf(IllegalStateException.class).hasMessageContaining("3");
        blocks.release(a);
        assertThatThrownBy(() -> blocks.release(a)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> blocks.retain(a)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void blocksAreRoundedUp() {
        assertThat(blocks.blocksFor(0)).isZero();
        assertThat(blocks.blocksFor(2)).isEqualTo(1);
        assertThat(blocks.blocksFor(3)).isEqualTo(2);
    }

    @Test
    void aRegisteredBlockIsFoundByItsWholePrefixOnly() {
        int[] ids = {1, 2, 3, 4};
        int first = blocks.allocate();
        long chain = blocks.register(first, BlockManager.ROOT, ids, 0);
        int second = blocks.allocate();
        blocks.register(second, chain, ids, 2);
        blocks.release(first);
        blocks.release(second);
        assertThat(blocks.take(BlockManager.ROOT, new int[] {3, 4}, 0)).isEqualTo(-1); // known, but after 1 2 only
        assertThat(blocks.take(BlockManager.ROOT, ids, 0)).isEqualTo(first);
        assertThat(blocks.take(chain, ids, 2)).isEqualTo(second);
        assertThat(blocks.freeBlocks()).isEqualTo(1);
    }

    @Test
    void worthlessBlocksAreTakenBeforeRegisteredOnesAndTheseByLastUse() {
        int a = blocks.allocate();
        int b = blocks.allocate();
        int c = blocks.allocate();
        blocks.register(a, BlockManager.ROOT, new int[] {1, 1}, 0);
        blocks.register(b, BlockManager.ROOT, new int[] {2, 2}, 0);
        blocks.release(b);
        blocks.release(a);
        blocks.release(c);
        assertThat(blocks.allocate()).isEqualTo(c);
        assertThat(blocks.allocate()).isEqualTo(b);
        assertThat(blocks.take(BlockManager.ROOT, new int[] {2, 2}, 0)).isEqualTo(-1);
        assertThat(blocks.take(BlockManager.ROOT, new int[] {1, 1}, 0)).isEqualTo(a);
    }

    @Test
    void equalContentIsRegisteredOnce() {
        int a = blocks.allocate();
        int b = blocks.allocate();
        long chain = blocks.register(a, BlockManager.ROOT, new int[] {1, 1}, 0);
        assertThat(blocks.register(b, BlockManager.ROOT, new int[] {1, 1}, 0)).isEqualTo(chain);
        assertThat(blocks.take(BlockManager.ROOT, new int[] {1, 1}, 0)).isEqualTo(a);
        assertThat(blocks.references(a)).isEqualTo(2);
    }
}
