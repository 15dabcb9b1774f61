/**
 * The inner loops of the CPU backend behind one small seam, {@link dev.m1.cpu.kernels.Kernels}: once in plain Java,
 * once with the Vector API. Both do the same operations in the same order, so they return the same bits on every
 * machine; {@link dev.m1.cpu.kernels.Lanes} describes that order.
 */
package dev.m1.cpu.kernels;
