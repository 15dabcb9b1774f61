package dev.m1.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * {@code NAME LOG TURNS SPEED}: an engine that writes each prompt it gets to a log, decodes at this speed, and ends
 * after so many turns.
 */
public final class FakePeer {
    private FakePeer() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("a banner");
        System.out.println("{\"ready\": \"" + args[0] + "'s device\"}");
        int turns = Integer.parseInt(args[2]);
        for (String file = in.readLine(); file != null && turns-- > 0; file = in.readLine()) {
            String text = Files.readString(Path.of(file));
            Files.writeString(
                    Path.of(args[1]),
                    args[0] + ": " + text + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            System.out.println("{\"promptTokens\": " + text.split(" ").length + ", \"promptSeconds\": 0.5,"
                    + " \"newTokens\": 4, \"decodeTokensPerSecond\": " + args[3] + "}");
        }
    }
}
