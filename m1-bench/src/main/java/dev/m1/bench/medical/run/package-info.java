/**
 * Asking a model every question of a set at every budget: settings, the file a run grows in, and the run itself. Knows
 * nothing of scores.
 */
package dev.m1.bench.medical.run;
