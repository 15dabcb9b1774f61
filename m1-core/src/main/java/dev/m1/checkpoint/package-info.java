/**
 * Reads checkpoints in Hugging Face's layout: {@code config.json} becomes a {@link dev.m1.spi.ModelSpec}, the
 * safetensors files a {@link dev.m1.spi.WeightSource} of mapped memory. Files are untrusted: every size, offset and
 * name is proven before it is used.
 */
package dev.m1.checkpoint;
