package dev.m1.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.TokenizerException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Reads a tokenizer.json into the parts of a {@link Tokenizer}. */
final class TokenizerReader {
    private static final String NAME = "tokenizer.json";
    private static final long MAX_BYTES = 256L << 20; // the largest published ones are around 35 MB
    private static final int MAX_ID = 1 << 24;
    private static final int MAX_ADDED_LENGTH = 1024; // matching an added token takes time in proportion

    private final Path file;
    private final ObjectNode fields = JsonNodeFactory.instance.objectNode();
    private BpeReader bpe;
    private int maxId;

    private TokenizerReader(Path file) {
        this.file = file;
    }

    /** Reads a tokenizer.json, or the one in a directory. */
    static Tokenizer read(Path dirOrFile) {
        Path file = Files.isDirectory(dirOrFile) ? dirOrFile.resolve(NAME) : dirOrFile;
        TokenizerReader reader = new TokenizerReader(file);
        reader.parse(reader.content());
        return reader.build();
    }

    private String content() {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw error("has " + size + " bytes, at most " + MAX_BYTES + " are read");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new TokenizerException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new TokenizerException(file + ": not UTF-8", e);
        } catch (IOException e) {
            throw new TokenizerException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void parse(String content) {
        maxId = (int) Math.min(MAX_ID, 65_536L + content.length());
        // Names are tokens here, hundreds of thousands of them: a table of known names would only cost time.
        JsonFactory factory = JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
        factory.setCodec(new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY));
        try (JsonParser json = factory.createParser(content)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw error("is not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("model") && bpe == null) {
                    bpe = new BpeReader(file, maxId);
                    bpe.read(json);
                } else {
                    JsonNode value = json.readValueAsTree();
                    if (fields.replace(name, value) != null || name.equals("model")) {
                        throw error("names the field " + name + " twice");
                    }
                }
            }
            if (json.nextToken() != null) {
                throw error("has something after its object");
            }
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + " column " + at.getColumnNr();
            throw new TokenizerException(file + ": not valid JSON" + where + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new TokenizerException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private Tokenizer build() {
        if (bpe == null) {
            throw error("has no field model");
        }
        JsonField root = new JsonField(file, "", fields);
        if (!root.get("version").textOr("1.0").equals("1.0")) {
            throw root.get("version").unsupported();
        }
        Vocabulary vocabulary = bpe.vocabulary();
        Normalizer normalizer = NormalizerReader.read(root.get("normalizer"));
        PreTokenizer preTokenizer = PreTokenizerReader.read(root.get("pre_tokenizer"));
        ByteLevelEncoder byteLevel = PreTokenizerReader.byteLevelEncoder(root.get("pre_tokenizer"));
        AddedTokens added = addedTokens(root.get("added_tokens"), vocabulary, normalizer);
        BpeModel model = new BpeModel(vocabulary, bpe.merges(new BitSet()), bpe.options(), byteLevel != null);
        SegmentEncoder segments = byteLevel == null ? new SegmentEncoder.General(preTokenizer) : byteLevel;
        Encoder encoder = new Encoder(added, normalizer, segments, model, literalModel(model, added));
        PostProcessor postProcessor = PostProcessor.read(root.get("post_processor"),
                id -> vocabulary.token(id) != null || added.form(id) != null);
        return new Tokenizer(vocabulary, added, encoder, postProcessor, DecoderReader.read(root.get("decoder")));
    }

    /** The model for text of users: the same unless BPE itself could give a control token. */
    private BpeModel literalModel(BpeModel model, AddedTokens added) {
        BitSet reachable = bpe.merged();
        Vocabulary vocabulary = bpe.vocabulary();
        for (int id = 0; id < vocabulary.end(); id++) {
            String token = vocabulary.token(id);
            if (token != null && (model.options().ignoreMerges() || token.codePointCount(0, token.length()) == 1)) {
                reachable.set(id);
            }
        }
        reachable.and(added.control());
        return reachable.isEmpty() ? model : model.hiding(reachable, bpe.merges(reachable));
    }

    private AddedTokens addedTokens(JsonField field, Vocabulary vocabulary, Normalizer normalizer) {
        List<AddedToken> tokens = new ArrayList<>();
        BitSet ids = new BitSet();
        int next = vocabulary.count(); // HF numbers the tokens itself and does not look at the ids of the file
        for (JsonField item : field.isNull() ? List.<JsonField>of() : field.items()) {
            JsonField content = item.get("content");
            if (content.text().length() > MAX_ADDED_LENGTH) {
                throw content.error("is longer than " + MAX_ADDED_LENGTH + " characters");
            }
            int id = item.get("id").integer(maxId);
            AddedToken token = new AddedToken(
                    id,
                    content.nonEmptyText(),
                    item.get("single_word").bool(),
                    item.get("lstrip").bool(),
                    item.get("rstrip").bool(),
                    item.get("normalized").bool(),
                    item.get("special").bool());
            int expected = vocabulary.id(token.content());
            if (expected < 0) {
                expected = next++;
            }
            if (id != expected) {
                throw item.get("id").error("is " + id + " for " + token.content() + ", but by its place it has the id "
                        + expected);
            }
            if (ids.get(id) || !token.content().equals(vocabulary.token(id)) && vocabulary.token(id) != null) {
                throw item.get("id").error("is " + id + " for " + token.content() + ", but another token has that id");
            }
            ids.set(id);
            tokens.add(token);
        }
        try {
            return new AddedTokens(tokens, normalizer);
        } catch (IllegalArgumentException e) {
            throw field.error("cannot be used: " + e.getMessage());
        }
    }

    private TokenizerException error(String what) {
        return new TokenizerException(file + ": the file " + what);
    }
}
