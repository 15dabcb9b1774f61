package dev.m1;

import dev.m1.engine.Sequence;
import dev.m1.thinking.Directive;

/** Does to a sequence what a thinking controller says. */
final class Directives {
    private Directives() {}

    static void apply(Directive directive, Sequence s, int sampled) {
        switch (directive) {
            case Directive.Continue c -> s.append(sampled);
            case Directive.Inject inject -> {
                s.truncate(s.length() - inject.drop());
                s.append(inject.ids());
                s.forbidNext(inject.forbidden());
            }
            case Directive.Finish f -> s.finish();
        }
    }
}
