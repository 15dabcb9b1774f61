/** Output of jextract, never edited; how it is made is told in {@code m1-cuda/bindings/README.md}. */
package dev.m1.cuda.bindings;
