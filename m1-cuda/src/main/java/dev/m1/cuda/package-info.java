/** The CUDA backend's door: its provider. */
package dev.m1.cuda;
