/** Runs of different checkpoints, prompts or protocols over the same questions, compared question by question. */
package dev.m1.bench.medical.compare;
