/** The command line behind the launcher {@code examples/m1}: thin commands over m1's public API. */
package dev.m1.examples.cli;
