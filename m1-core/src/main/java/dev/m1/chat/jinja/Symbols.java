package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which names a scope of the template mentions. jinja2 decides at compile time where a name lives: a name that a scope
 * sets without having read it before, and that no scope around it mentions, is that scope's own from its beginning, so
 * that a loop or macro inside which reads it too early finds it undefined, even if the caller passed a value of that
 * name.
 *
 * <p>Filled while parsing, {@linkplain #seal sealed} at the end, constant from then on.
 */
final class Symbols {
    private final Symbols parent;
    private final List<Symbols> children = new ArrayList<>();
    /** By name: whether the first mention sets it on every path. */
    private final Map<String, Boolean> setFirst = new HashMap<>();

    private final Set<String> read = new HashSet<>();
    private int conditions;
    private List<String> startUndefined = List.of();

    Symbols(Symbols parent) {
        this.parent = parent;
        if (parent != null) {
            parent.children.add(this);
        }
    }

    void read(String name) {
        setFirst.putIfAbsent(name, false);
        read.add(name);
    }

    void set(String name) {
        setFirst.putIfAbsent(name, conditions == 0);
    }

    /** A name that has its value when the scope begins: a parameter, a loop variable. */
    void parameter(String name) {
        setFirst.put(name, false);
    }

    void beginCondition() {
        conditions++;
    }

    void endCondition() {
        conditions--;
    }

    /** Whether the name is read here or in a scope inside. */
    boolean reads(String name) {
        return read.contains(name) || children.stream().anyMatch(child -> child.reads(name));
    }

    /** To be called on the outermost scope when all mentions are known. */
    void seal() {
        startUndefined = setFirst.entrySet().stream()
                .filter(e -> e.getValue() && (parent == null || !parent.knows(e.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        children.forEach(Symbols::seal);
    }

    private boolean knows(String name) {
        return setFirst.containsKey(name) || parent != null && parent.knows(name);
    }

    /** The scope at run time. */
    Scope open(Scope around) {
        Scope scope = new Scope(around);
        for (String name : startUndefined) {
            scope.set(name, Undefined.variable(name));
        }
        return scope;
    }
}
