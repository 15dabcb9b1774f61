/**
 * One launcher per kernel: it checks shapes and lays out the arguments once, then launches. {@code m1-cuda/KERNELS.md}
 * says which symbol each one starts. Kernels read how many tokens there are from device memory, so a launch depends on
 * the size of the batch's bucket only.
 */
package dev.m1.cuda.kernels;
