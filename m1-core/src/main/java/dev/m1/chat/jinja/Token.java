package dev.m1.chat.jinja;

/**
 * A token of the template language.
 *
 * @param kind what it is
 * @param text operator, name, or template text; for strings the unescaped value
 * @param value number of an INTEGER (Long or BigInteger) or FLOAT (Double), otherwise null
 * @param line where it starts, from 1
 */
record Token(Kind kind, String text, Object value, int line) {
    enum Kind {
        DATA("template text"),
        VARIABLE_BEGIN("begin of print statement"),
        VARIABLE_END("end of print statement"),
        BLOCK_BEGIN("begin of statement block"),
        BLOCK_END("end of statement block"),
        NAME("name"),
        STRING("string"),
        INTEGER("integer"),
        FLOAT("float"),
        OPERATOR("operator"),
        END("end of template");

        final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    String describe() {
        return kind == Kind.OPERATOR || kind == Kind.NAME ? "'" + text + "'" : kind.description;
    }
}
