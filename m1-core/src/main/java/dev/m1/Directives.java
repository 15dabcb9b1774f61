package dev.m1;

import dev.m1.engine.Sequence;
import dev.m1.thinking.Directive;

/** Does to a sequence what a thinking controller says. */
final class Directives {
    private Directives() {}

    /** Ids that the sequence has no room for; 0 if all fit. */
    static int overflow(Directive directive, Sequence s) {
        int ids =
                switch (directive) {
                    case Directive.Continue c -> 1;
                    case Directive.Inject inject -> inject.ids().length;
                    case Directive.Finish f -> 0;
                };
        int dropped = directive instanceof Directive.Inject inject ? inject.drop() : 0;
        return ids - dropped > s.room() ? ids : 0;
    }

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
