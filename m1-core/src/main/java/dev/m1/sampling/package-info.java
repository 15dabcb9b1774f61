/** Picking tokens from logits: settings, the reference sampler and its counter-based random numbers. A leaf package. */
package dev.m1.sampling;
