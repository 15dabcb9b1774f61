/**
 * What every compute backend must do, as abstract tests; a backend's tests are small subclasses that say how it is
 * opened.
 */
package dev.m1.spi.contract;
