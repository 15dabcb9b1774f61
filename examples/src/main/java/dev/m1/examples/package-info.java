/** Small programs to copy from, one idea each. The first argument is a checkpoint directory, the second a question. */
package dev.m1.examples;
