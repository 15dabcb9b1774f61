/**
 * The API: open a checkpoint as a {@link dev.m1.LanguageModel}, reason within a budget with a {@link dev.m1.Reasoner}.
 */
package dev.m1;
