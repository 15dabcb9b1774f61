/** Statistics of right and wrong answers: intervals, paired tests, bootstrap. Knows nothing of texts or models. */
package dev.m1.bench.medical.stats;
