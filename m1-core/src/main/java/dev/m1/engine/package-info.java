/**
 * The engine: sequences of token ids, the KV blocks they hold, and the loop that runs them through a decoder step by
 * step. It knows neither text nor tensors.
 */
package dev.m1.engine;
