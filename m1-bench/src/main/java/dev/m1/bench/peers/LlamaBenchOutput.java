package dev.m1.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.bench.runner.ResultsException;

/**
 * The JSON that {@code llama-bench -o json} prints: an array with one object a test. A test with {@code n_gen} 0 is a
 * prompt, one with {@code n_prompt} 0 is generation after {@code n_depth} tokens; {@code avg_ts} is tokens per second
 * and {@code avg_ns} the time of a test.
 */
final class LlamaBenchOutput {
    private LlamaBenchOutput() {}

    /**
     * The prompt test and the generation test as one sample.
     *
     * @throws ResultsException if one of them is missing or is not a number
     */
    static PeerSample parse(String json, String peer, int round) {
        JsonNode tests;
        try {
            tests = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new ResultsException("llama-bench printed no JSON: " + e.getOriginalMessage(), e);
        }
        JsonNode prompt = null;
        JsonNode generation = null;
        for (JsonNode test : tests) {
            boolean isPrompt =
                    test.path("n_gen").asInt() == 0 && test.path("n_prompt").asInt() > 0;
            boolean isGeneration =
                    test.path("n_prompt").asInt() == 0 && test.path("n_gen").asInt() > 0;
            prompt = isPrompt && prompt == null ? test : prompt;
            generation = isGeneration ? test : generation; // the last is the deepest
        }
        if (prompt == null || generation == null) {
            throw new ResultsException("llama-bench ran no " + (prompt == null ? "prompt" : "generation") + " test");
        }
        int tokens = prompt.path("n_prompt").asInt();
        return new PeerSample(
                peer,
                round,
                tokens,
                tokens / positive(prompt, "avg_ts"),
                generation.path("n_gen").asInt(),
                positive(generation, "avg_ts"));
    }

    private static double positive(JsonNode test, String field) {
        double value = test.path(field).asDouble(0);
        if (!(value > 0)) {
            throw new ResultsException("llama-bench says " + field + " = " + test.path(field));
        }
        return value;
    }
}
