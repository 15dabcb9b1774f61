/**
 * Checkpoints of random weights with the shapes of published models: what a model weighs and how fast it runs depends
 * on its shape, not on what it has learned. They are laid out as Hugging Face lays them out and opened like any other.
 */
package dev.m1.bench.synthetic;
