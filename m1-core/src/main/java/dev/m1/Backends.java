package dev.m1;

import dev.m1.errors.BackendException;
import dev.m1.spi.Availability;
import dev.m1.spi.Decoder;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;

/** Picks a compute backend and opens the model on it. */
final class Backends {
    private static final String AUTO = "auto";
    private static final String LAST_RESORT = "cpu";

    private Backends() {}

    /** An open decoder, and why it is this one. */
    record Opened(String name, String reason, Decoder decoder) {
        Opened wrapped(UnaryOperator<Decoder> wrap) {
            return new Opened(name, reason, wrap.apply(decoder));
        }
    }

    /** The installed backends, accelerators first. */
    static List<DecoderProvider> installed() {
        List<DecoderProvider> found = new ArrayList<>();
        ServiceLoader.load(DecoderProvider.class, Backends.class.getClassLoader())
                .forEach(found::add);
        found.sort(Comparator.comparing((DecoderProvider p) -> p.name().equals(LAST_RESORT)));
        return found;
    }

    static Opened open(String wanted, ModelSpec spec, WeightSource weights, Limits limits) {
        return open(installed(), wanted, spec, weights, limits);
    }

    static Opened open(
            List<DecoderProvider> installed, String wanted, ModelSpec spec, WeightSource weights, Limits limits) {
        return wanted.equals(AUTO)
                ? openAny(installed, spec, weights, limits)
                : openNamed(installed, wanted, spec, weights, limits);
    }

    private static Opened openNamed(
            List<DecoderProvider> installed, String wanted, ModelSpec spec, WeightSource weights, Limits limits) {
        for (DecoderProvider p : installed) {
            if (p.name().equals(wanted)) {
                Availability a = p.probe();
                if (!a.available()) {
                    throw new BackendException("backend '" + wanted + "' is not available: " + a.detail());
                }
                return new Opened(wanted, "asked for", p.open(spec, weights, limits));
            }
        }
        List<String> names = installed.stream().map(DecoderProvider::name).toList();
        throw new BackendException(
                "no backend '" + wanted + "' is installed; there are " + names + " and '" + AUTO + "'");
    }

    private static Opened openAny(
            List<DecoderProvider> installed, ModelSpec spec, WeightSource weights, Limits limits) {
        List<String> passedOver = new ArrayList<>();
        for (DecoderProvider p : installed) {
            Availability a = p.probe();
            if (!a.available()) {
                passedOver.add(p.name() + ": " + a.detail());
                continue;
            }
            try {
                Decoder decoder = p.open(spec, weights, limits);
                String reason = passedOver.isEmpty() ? "first choice" : "passed over " + String.join("; ", passedOver);
                return new Opened(p.name(), reason, decoder);
            } catch (BackendException e) {
                if (p.name().equals(LAST_RESORT)) {
                    throw e;
                }
                passedOver.add(p.name() + ": " + e.getMessage());
            }
        }
        throw new BackendException("no compute backend can run here: " + String.join("; ", passedOver));
    }
}
