/**
 * The CPU backend: a readable forward pass ({@link dev.m1.cpu.ForwardPass}), the worker pool under it, and one function
 * that splits work ({@link dev.m1.cpu.Partition}).
 */
package dev.m1.cpu;
