/**
 * Budgeted thinking as a pure state machine: budgets, protocols, and the controller that turns sampled tokens into
 * directives. No threads, no tensors, no tokenizer: a host may drive another engine with it.
 */
package dev.m1.thinking;
