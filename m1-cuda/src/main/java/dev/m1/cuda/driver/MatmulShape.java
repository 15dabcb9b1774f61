package dev.m1.cuda.driver;

/**
 * A product {@code y = x Wᵀ} of row-major matrices: {@code x [m, k]} and {@code W [n, k]} of bfloat16, {@code y [m, n]}
 * of float.
 *
 * @param m rows of x and y
 * @param n rows of W
 * @param k elements of a row of x and W
 * @param ldw elements from row to row of W; also ldx and ldy
 */
public record MatmulShape(int m, int n, int k, int ldw, int ldx, int ldy) {}
