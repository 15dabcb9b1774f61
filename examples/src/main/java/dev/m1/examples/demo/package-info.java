/**
 * The demonstration: two small trained checkpoints, an invented exam, and what a sweep of budgets and Waits over it
 * shows. Nothing in it is medical knowledge.
 */
package dev.m1.examples.demo;
