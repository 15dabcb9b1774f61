package dev.m1.chat.jinja;

/** Something a template can call. */
interface CallableValue {
    Object call(Frame frame, Args args);
}
