/**
 * A model on a device: how its weights are packed and uploaded, the buffers, the forward pass, its captured graphs, and
 * what a step gives back.
 */
package dev.m1.cuda.decoder;
