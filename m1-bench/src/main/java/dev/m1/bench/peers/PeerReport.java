package dev.m1.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code FOLDER [ABSENT …]}: prints the table of what engines left in a folder. */
public final class PeerReport {
    private PeerReport() {}

    public static void main(String[] args) throws IOException {
        System.out.println(
                PeerTable.of(PeerSamples.read(Path.of(args[0])), List.of(args).subList(1, args.length)));
    }
}
