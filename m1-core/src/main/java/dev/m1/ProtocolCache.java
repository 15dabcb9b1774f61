package dev.m1;

import dev.m1.thinking.ProtocolTokens;
import dev.m1.thinking.ThinkingProtocol;
import dev.m1.thinking.Vocabulary;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Protocols in one model's ids. Protocols are told apart by identity, and a host may make a new one for every request,
 * so only those used last are kept. Thread-safe.
 */
final class ProtocolCache {
    static final int MOST = 32;

    private final Vocabulary vocabulary;
    private final Map<ThinkingProtocol, ProtocolTokens> recent = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ThinkingProtocol, ProtocolTokens> eldest) {
            return size() > MOST;
        }
    }; // guarded by itself

    ProtocolCache(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * @throws dev.m1.errors.TokenizerException if a marker of the protocol cannot be expressed in the vocabulary
     */
    ProtocolTokens get(ThinkingProtocol protocol) {
        synchronized (recent) {
            ProtocolTokens known = recent.get(protocol);
            if (known != null) {
                return known;
            }
        }
        ProtocolTokens made = new ProtocolTokens(protocol, vocabulary); // not under the lock: it encodes text
        synchronized (recent) {
            recent.put(protocol, made);
        }
        return made;
    }

    int size() {
        synchronized (recent) {
            return recent.size();
        }
    }
}
