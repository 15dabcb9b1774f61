package dev.m1.chat.jinja;

/** A method of a value, as in {@code message.content.strip}. */
record BoundMethod(Object self, String name, Method<Object> method) implements CallableValue {
    /** @param <T> type of the receiver */
    interface Method<T> {
        Object call(Frame frame, T self, Args args);
    }

    @Override
    public Object call(Frame frame, Args args) {
        return method.call(frame, self, args);
    }
}
