package dev.m1.examples.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Standard output that remembers why it failed: a {@link PrintStream} only knows that it did. */
final class ResultStream extends PrintStream {
    private final Watched watched;

    ResultStream(OutputStream out, Charset charset) {
        this(new Watched(out), charset);
    }

    private ResultStream(Watched watched, Charset charset) {
        super(watched, false, charset);
        this.watched = watched;
    }

    /** The first failure; null if there was none yet. Flush before asking. */
    IOException failure() {
        return watched.failure;
    }

    /** Keeps the first exception and throws it on. */
    private static final class Watched extends FilterOutputStream {
        private volatile IOException failure;

        Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }
}
