/**
 * A sandboxed interpreter for the part of Jinja that chat templates use. {@code Lexer} -&gt; {@code StatementParser}
 * and {@code ExpressionParser} -&gt; a tree of {@code Stmt} and {@code Expr} that runs on a {@code Frame}. Strings are
 * {@code Text}, which carries the origin of its characters; {@code Budget} bounds time, memory and nesting.
 */
package dev.m1.chat.jinja;
