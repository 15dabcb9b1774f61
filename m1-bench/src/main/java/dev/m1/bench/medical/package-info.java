/**
 * The medical accuracy benchmark: question sets, prompts, and two scorers of the same answers (the original's lenient
 * one and a strict one), so that a change of wording is not taken for a change of knowledge. Research software; not a
 * medical device.
 */
package dev.m1.bench.medical;
