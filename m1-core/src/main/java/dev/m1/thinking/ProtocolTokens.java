package dev.m1.thinking;

import dev.m1.errors.TokenizerException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A protocol in one vocabulary's ids. Made once per model; making it proves that every marker and stop can be expressed
 * there, so that a wrong protocol fails here and not as a silent no-op.
 */
public final class ProtocolTokens {
    private static final Pattern CONTROL_TOKEN = Pattern.compile("<\\|[^<>|]+\\|>");

    private final ThinkingProtocol protocol;
    private final Vocabulary vocabulary;
    private final Frame open;
    private final Frame naturalClose;
    private final Frame cutClose;
    private final int[] newline;
    private final BitSet thinkingStops;
    private final BitSet answerStops;

    /** A marker's two forms. */
    private record Frame(String text, int[] ids) {}

    /**
     * @throws TokenizerException naming the protocol, the marker and what the vocabulary lacks
     */
    public ProtocolTokens(ThinkingProtocol protocol, Vocabulary vocabulary) {
        this.protocol = protocol;
        this.vocabulary = vocabulary;
        open = frame("open", protocol.open());
        naturalClose = frame("natural close", protocol.naturalClose());
        cutClose = frame("cut close", protocol.cutClose());
        if (protocol.hasThinking() && (naturalClose.ids.length == 0 || cutClose.ids.length == 0)) {
            throw fails("a thinking section needs a marker for its natural and for its forced end");
        }
        newline = known("newline", vocabulary.encode("\n"));
        thinkingStops = stops("thinking stop", protocol.thinkingStops());
        answerStops = stops("answer stop", protocol.answerStops());
    }

    public ThinkingProtocol protocol() {
        return protocol;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    int[] openIds() {
        return open.ids;
    }

    String openText() {
        return open.text;
    }

    int[] closeIds(boolean natural) {
        return (natural ? naturalClose : cutClose).ids;
    }

    /** Text of what is appended when thinking ends. */
    public String closeText(boolean natural) {
        return (natural ? naturalClose : cutClose).text;
    }

    int[] newlineIds() {
        return newline;
    }

    boolean isThinkingStop(int id) {
        return thinkingStops.get(id);
    }

    boolean isAnswerStop(int id) {
        return answerStops.get(id);
    }

    int[] thinkingStopIds() {
        return thinkingStops.stream().toArray();
    }

    /** Most ids that opening and closing may add, whatever way thinking ends. */
    public int maxFrameTokens() {
        return open.ids.length + newline.length + Math.max(naturalClose.ids.length, cutClose.ids.length);
    }

    /**
     * Most ids one Wait may add.
     *
     * @throws TokenizerException if the Wait text has an id that the vocabulary does not have
     */
    public int maxWaitTokens(ThinkingBudget budget) {
        int alone = known("wait", vocabulary.encode(budget.waitText())).length;
        return Math.max(alone, known("wait", vocabulary.encode(" " + budget.waitText())).length);
    }

    private Frame frame(String what, Marker marker) {
        if (marker.isEmpty()) {
            return new Frame("", new int[0]);
        }
        if (marker.ids() != null) {
            int[] ids = known(
                    what, marker.ids().stream().mapToInt(Integer::intValue).toArray());
            return new Frame(vocabulary.decode(ids, false), ids);
        }
        String text = marker.text();
        int[] ids = known(what, vocabulary.encode(text));
        Matcher control = CONTROL_TOKEN.matcher(text);
        while (control.find()) {
            int id = vocabulary.tokenId(control.group());
            if (id < 0 || !contains(ids, id)) {
                throw fails(what + " needs the token " + control.group() + ", which the vocabulary lacks");
            }
        }
        String back = vocabulary.decode(ids, false);
        if (!back.equals(text) && !back.equals(text.stripLeading())) {
            throw fails(what + " '" + text + "' becomes '" + back + "' in this vocabulary");
        }
        return new Frame(text, ids);
    }

    private BitSet stops(String what, List<String> tokens) {
        BitSet ids = new BitSet();
        List<String> missing = new ArrayList<>();
        for (String token : tokens) {
            int id = vocabulary.tokenId(token);
            if (id < 0 || id >= vocabulary.size()) {
                missing.add(token);
            } else {
                ids.set(id);
            }
        }
        if (!missing.isEmpty()) {
            throw fails(what + " needs the tokens " + missing + ", which the vocabulary lacks");
        }
        for (int eos : known("EOS", vocabulary.eosIds())) {
            ids.set(eos);
        }
        return ids;
    }

    /** A tokenizer may know ids that the model's embedding table has no row for. */
    private int[] known(String what, int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary.size()) {
                throw fails(what + " has id " + id + ", the vocabulary has 0 … " + (vocabulary.size() - 1));
            }
        }
        return ids;
    }

    private static boolean contains(int[] ids, int id) {
        for (int i : ids) {
            if (i == id) {
                return true;
            }
        }
        return false;
    }

    private TokenizerException fails(String why) {
        return new TokenizerException("thinking protocol " + protocol + ": " + why);
    }
}
