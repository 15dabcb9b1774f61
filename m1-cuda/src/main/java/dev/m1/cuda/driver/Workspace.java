package dev.m1.cuda.driver;

/**
 * A part of device memory that a library's products work in, one at a time.
 *
 * @param address 128-byte aligned
 * @param bytes its size
 */
public record Workspace(long address, long bytes) {}
