package dev.m1.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.errors.TemplateException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a checkpoint keeps its chat templates and special tokens, as transformers' {@code PreTrainedTokenizerBase}
 * reads them: template files of their own win over those inside {@code tokenizer_config.json}.
 */
final class TemplateFiles {
    static final String DEFAULT = "default";
    static final Set<String> SPECIAL_TOKENS =
            Set.of("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token");

    private static final String TEMPLATE_FILE = "chat_template.jinja";
    private static final String MORE_TEMPLATES = "additional_chat_templates";
    private static final String CONFIG_FILE = "tokenizer_config.json";
    /** Bytes; real files have some ten thousand. */
    private static final long MAX_TEMPLATE_SIZE = 16 << 20;

    private static final long MAX_CONFIG_SIZE = 256 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path dir;
    private final Map<String, String> templates = new TreeMap<>();
    private final Map<String, Object> specialTokens = new HashMap<>();

    private TemplateFiles(Path dir) {
        this.dir = dir;
    }

    static TemplateFiles read(Path dir) {
        TemplateFiles files = new TemplateFiles(Objects.requireNonNull(dir, "dir"));
        files.readConfig();
        files.readFiles();
        return files;
    }

    Optional<String> template(String name) {
        return Optional.ofNullable(templates.get(name));
    }

    Set<String> names() {
        return new TreeSet<>(templates.keySet());
    }

    Map<String, Object> specialTokens() {
        return specialTokens;
    }

    String nothingFound(String name) {
        String found = templates.isEmpty() ? "" : "; there is " + String.join(", ", templates.keySet());
        return "no chat template '" + name + "' in " + dir + ": looked for "
                + (name.equals(DEFAULT) ? TEMPLATE_FILE : MORE_TEMPLATES + "/" + name + ".jinja")
                + " and for chat_template in " + CONFIG_FILE + found;
    }

    private void readFiles() {
        Path file = dir.resolve(TEMPLATE_FILE);
        Path more = dir.resolve(MORE_TEMPLATES);
        boolean standsAlone = Files.isRegularFile(file);
        if (standsAlone || Files.isDirectory(more)) {
            templates.clear(); // transformers does not mix the two places
        }
        if (standsAlone) {
            templates.put(DEFAULT, text(file, MAX_TEMPLATE_SIZE));
        }
        if (!Files.isDirectory(more)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(more, "*.jinja")) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                templates.put(name.substring(0, name.length() - ".jinja".length()), text(entry, MAX_TEMPLATE_SIZE));
            }
        } catch (IOException e) {
            throw new TemplateException("cannot list " + more + ": " + e, e);
        }
    }

    private void readConfig() {
        Path file = dir.resolve(CONFIG_FILE);
        if (!Files.isRegularFile(file)) {
            return;
        }
        JsonNode config;
        try {
            config = JSON.readTree(text(file, MAX_CONFIG_SIZE));
        } catch (JsonProcessingException e) {
            throw new TemplateException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
        for (String name : SPECIAL_TOKENS) {
            JsonNode node = config.path(name);
            JsonNode text = node.isObject() ? node.path("content") : node;
            if (text.isTextual()) {
                specialTokens.put(name, text.textValue());
            }
        }
        JsonNode template = config.path("chat_template");
        if (template.isTextual()) {
            templates.put(DEFAULT, template.textValue());
        } else if (template.isArray()) {
            template.forEach(entry -> named(file, entry));
        } else if (!template.isMissingNode() && !template.isNull()) {
            throw new TemplateException(file + ": chat_template is neither a string nor a list");
        }
    }

    private void named(Path file, JsonNode entry) {
        JsonNode name = entry.path("name");
        JsonNode template = entry.path("template");
        if (!name.isTextual() || !template.isTextual()) {
            throw new TemplateException(file + ": an entry of chat_template lacks its name or template");
        }
        templates.put(name.textValue(), template.textValue());
    }

    private static String text(Path file, long maxSize) {
        try {
            long size = Files.size(file);
            if (size > maxSize) {
                throw new TemplateException(file + " has " + size + " bytes, at most " + maxSize + " are read");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new TemplateException("cannot read " + file + ": " + e, e);
        }
    }
}
