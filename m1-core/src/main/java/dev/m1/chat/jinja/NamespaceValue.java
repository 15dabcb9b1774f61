package dev.m1.chat.jinja;

/** jinja2's {@code namespace()}: the one thing that {@code set} can change from inside a loop. */
final class NamespaceValue {
    private final DictValue attributes;

    NamespaceValue(DictValue attributes) {
        this.attributes = attributes;
    }

    DictValue attributes() {
        return attributes;
    }

    void set(String name, Object value) {
        attributes.put(Text.plain(name), value);
    }
}
