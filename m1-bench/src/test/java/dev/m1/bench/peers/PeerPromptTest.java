package dev.m1.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.bench.synthetic.SyntheticCheckpoint;
import dev.m1.bench.synthetic.SyntheticShape;
import dev.m1.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerPromptTest {
    @Test
    void hasTheTokensItShall(@TempDir Path folder) throws IOException {
        SyntheticCheckpoint.write(SyntheticShape.TINY, folder, 1);
        Tokenizer tokenizer = Tokenizer.load(folder);
        for (int tokens : new int[] {1, 2, 50, 256}) {
            String prompt = PeerPrompt.of(tokenizer, tokens);
            assertThat(tokenizer.encode(prompt)).hasSize(tokens); // each word is one token of this tokenizer
        }
        assertThatThrownBy(() -> PeerPrompt.of(tokenizer, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void repetitionsMoveWordsToTheEnd() {
        assertThat(PeerPrompt.rotated("a b c", 0)).isEqualTo("a b c");
        assertThat(PeerPrompt.rotated("a b c", 2)).isEqualTo("c a b");
        assertThat(PeerPrompt.rotated("a", 2)).isEqualTo("a");
    }
}
