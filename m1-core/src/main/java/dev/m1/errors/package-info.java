/** Unchecked exceptions: a leaf package that every other package may use. */
package dev.m1.errors;
