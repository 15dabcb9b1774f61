package dev.m1.bench.peers;

import dev.m1.bench.synthetic.ModelSource;

/** {@code MODEL}: prints the directory of a model, drawn now if it is a synthetic one. */
public final class PeerModel {
    private PeerModel() {}

    public static void main(String[] args) {
        System.out.println(ModelSource.resolve(args[0]).toAbsolutePath());
    }
}
