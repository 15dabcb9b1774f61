package dev.m1.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits.KvType;
import dev.m1.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A backend against Hugging Face transformers, with weights as they are stored. */
public abstract class GoldenContractTest extends LogitsContractTest {
    @Test
    void aTrainedModelTellsItsStory() throws IOException {
        Path folder = SharedData.require("data/models/stories260K");
        JsonNode golden = new ObjectMapper().readTree(folder.resolve("golden.json").toFile());
        int[] ids = GoldenModel.ids(golden.get("bos_only_greedy_200"));
        try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("hf"));
                Decoder decoder = open(checkpoint.spec(), checkpoint.weights(), limits(KvType.F32))) {
            int[] story = greedy(decoder, new int[] {ids[0]}, ids.length - 1);
            assertThat(story).isEqualTo(Arrays.copyOfRange(ids, 1, ids.length));
        }
    }
}
