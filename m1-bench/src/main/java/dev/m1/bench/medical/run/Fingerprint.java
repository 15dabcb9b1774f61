package dev.m1.bench.medical.run;

import dev.m1.bench.medical.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a file or a checkpoint is, by content. The hash of a single file is what the Hugging Face Hub shows for it.
 *
 * @param sha256 of the file; of a checkpoint: of the lines {@code hash  name} of its files, sorted by name
 * @param files name to hash; a single entry for a file
 */
public record Fingerprint(String sha256, SortedMap<String, String> files) {
    private static final List<String> CHECKPOINT_FILES = List.of(".json", ".safetensors", ".jinja");
    private static final int BUFFER = 1 << 20; // bytes

    /** Of one file. */
    public static Fingerprint ofFile(Path file) throws IOException {
        String hash = hash(file);
        return new Fingerprint(hash, new TreeMap<>(Map.of(file.getFileName().toString(), hash)));
    }

    /** Of a checkpoint: weights, configuration, tokenizer and template, each read once, several at a time. */
    public static Fingerprint ofCheckpoint(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new DataException("no checkpoint directory " + directory);
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(Fingerprint::isPart).sorted().toList();
        }
        try {
            SortedMap<String, String> hashes = new TreeMap<>(files.parallelStream()
                    .collect(Collectors.toMap(file -> file.getFileName().toString(), Fingerprint::uncheckedHash)));
            String lines = hashes.entrySet().stream()
                    .map(file -> file.getValue() + "  " + file.getKey() + "\n")
                    .collect(Collectors.joining());
            return new Fingerprint(ofText(lines), hashes);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
    public static String ofText(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean isPart(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return CHECKPOINT_FILES.stream().anyMatch(name::endsWith) && Files.isRegularFile(file);
    }

    private static String uncheckedHash(Path file) {
        try {
            return hash(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
