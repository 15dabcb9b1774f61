package dev.m1.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One decoder step, in Java Flight Recorder. */
@Name("dev.m1.Step")
@Label("Decoder Step")
@Category("m1")
@Description("One call of the decoder over all sequences that take part")
@StackTrace(false)
final class StepEvent extends Event {
    @Label("Rows")
    int rows;

    @Label("Tokens")
    int tokens;

    @Label("Waiting Sequences")
    int waiting;
}
