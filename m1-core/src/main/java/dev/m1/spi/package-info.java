/**
 * The seam between m1 and its compute backends: one call per step. Exported for backend authors; unstable, it may
 * change in any release.
 */
package dev.m1.spi;
