package dev.m1.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/** Reads {@link GenerationConfig} from {@code generation_config.json} and {@code config.json}. */
final class GenerationReader {
    private static final int MAX_EOS_IDS = 1000;

    private GenerationReader() {}

    /**
     * @param config fields of {@code config.json}
     * @param generation fields of {@code generation_config.json}; empty without that file
     */
    static GenerationConfig read(ConfigFields config, ConfigFields generation) {
        Set<Integer> eosIds = new LinkedHashSet<>();
        addIds(eosIds, generation, "eos_token_id");
        addIds(eosIds, config, "eos_token_id");
        OptionalInt bosId = id(generation, "bos_token_id");
        OptionalInt padId = id(generation, "pad_token_id");
        return new GenerationConfig(
                eosIds.stream().mapToInt(id -> id).toArray(),
                bosId.isPresent() ? bosId : id(config, "bos_token_id"),
                padId.isPresent() ? padId : id(config, "pad_token_id"),
                generation.booleanOr("do_sample", false),
                inRange(generation, "temperature", 1, 0, Double.MAX_VALUE),
                generation.intOr("top_k", 0, Integer.MAX_VALUE, 0),
                inRange(generation, "top_p", 1, Double.MIN_VALUE, 1),
                inRange(generation, "min_p", 0, 0, 1),
                inRange(generation, "repetition_penalty", 1, Double.MIN_VALUE, Double.MAX_VALUE));
    }

    private static double inRange(ConfigFields fields, String name, double fallback, double min, double max) {
        double value = fields.numberOr(name, fallback);
        if (value < min || value > max) {
            throw fields.wrong(name, "must be from " + min + " to " + max);
        }
        return value;
    }

    /** One id; negative ones, as old Llama configurations have them, mean none. */
    private static OptionalInt id(ConfigFields fields, String name) {
        int id = fields.intOr(name, Integer.MIN_VALUE, Integer.MAX_VALUE, -1);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** A number or a list of numbers. */
    private static void addIds(Set<Integer> ids, ConfigFields fields, String name) {
        JsonNode node = fields.node(name);
        if (node == null) {
            return;
        }
        if (!node.isArray()) {
            addId(ids, fields, name, node);
            return;
        }
        if (node.size() > MAX_EOS_IDS) {
            throw fields.wrong(name, "may list " + MAX_EOS_IDS + " ids, lists " + node.size());
        }
        for (JsonNode element : node) {
            addId(ids, fields, name, element);
        }
    }

    private static void addId(Set<Integer> ids, ConfigFields fields, String name, JsonNode id) {
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
            throw fields.wrong(name, "must be a token id or a list of them");
        }
        ids.add(id.intValue());
    }
}
