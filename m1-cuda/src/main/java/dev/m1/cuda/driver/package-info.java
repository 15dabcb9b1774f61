/**
 * The CUDA driver API as objects that own what they make: every one is closed once, every return code is checked with
 * the call's name. Nothing here knows a model.
 */
package dev.m1.cuda.driver;
