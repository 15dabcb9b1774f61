package dev.m1.spi;

import java.util.Objects;

/**
 * Whether a backend can run here, as a value with its cause.
 *
 * @param available true if {@link DecoderProvider#open} may be tried
 * @param detail what was found ("Vector API, 256-bit, 2 threads") or what was looked for and missed
 */
public record Availability(boolean available, String detail) {
    public Availability {
        Objects.requireNonNull(detail, "detail");
    }

    public static Availability yes(String detail) {
        return new Availability(true, detail);
    }

    public static Availability no(String cause) {
        return new Availability(false, cause);
    }
}
