package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What {@code set} and {@code for} assign to. */
interface Target {
    void assign(Frame f, Object value);

    /** The variables it sets. */
    List<String> names();

    record Variable(String name) implements Target {
        @Override
        public void assign(Frame f, Object value) {
            f.scope.set(name, value);
        }

        @Override
        public List<String> names() {
            return List.of(name);
        }
    }

    /** {@code set ns.name = …}. */
    record NamespaceAttribute(String namespace, String name) implements Target {
        @Override
        public void assign(Frame f, Object value) {
            if (!(f.scope.get(namespace) instanceof NamespaceValue ns)) {
                throw new EvalError("cannot assign attribute on non-namespace object");
            }
            ns.set(name, value);
        }

        @Override
        public List<String> names() {
            return List.of();
        }
    }

    /** {@code set a, b = …}. */
    record Unpacking(List<Target> targets) implements Target {
        @Override
        public void assign(Frame f, Object value) {
            List<Object> items = new ArrayList<>(targets.size());
            if (value != null && !Types.isIterable(value)) {
                throw new EvalError("cannot unpack non-iterable " + Types.name(value) + " object");
            }
            for (Iterator<Object> it = Types.iterate(f, value); it.hasNext();) {
                if (items.size() == targets.size()) {
                    throw new EvalError("too many values to unpack (expected " + targets.size() + ")");
                }
                items.add(it.next());
            }
            if (items.size() < targets.size()) {
                throw new EvalError("not enough values to unpack (expected " + targets.size() + ", got " + items.size()
                        + ")");
            }
            for (int i = 0; i < items.size(); i++) {
                targets.get(i).assign(f, items.get(i));
            }
        }

        @Override
        public List<String> names() {
            return targets.stream().flatMap(target -> target.names().stream()).toList();
        }
    }
}
