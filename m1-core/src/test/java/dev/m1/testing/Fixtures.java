package dev.m1.testing;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The small random-weight checkpoints in {@code src/test/resources/models}, with what HF transformers says of them. */
public final class Fixtures {
    private Fixtures() {}

    /**
     * Folder of a fixture model: tiny-qwen2, tiny-qwen2-bf16, tiny-qwen3, tiny-llama3, tiny-yarn, tiny-linear,
     * tiny-mistral, tiny-group.
     */
    public static Path model(String name) {
        URL url = Fixtures.class.getResource("/models/" + name + "/config.json");
        if (url == null) {
            throw new IllegalArgumentException("no fixture model " + name);
        }
        try {
            return Path.of(new URI(url.toString())).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(url.toString(), e);
        }
    }
}
