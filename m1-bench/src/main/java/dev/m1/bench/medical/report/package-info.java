/**
 * What a run of the medical benchmark says: scores, statistics, and the report as HTML, JSON and CSV. Everything is
 * computed from the run's file; no model is needed.
 */
package dev.m1.bench.medical.report;
