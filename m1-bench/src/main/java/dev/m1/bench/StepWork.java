package dev.m1.bench;

import dev.m1.spi.KvGeometry;
import dev.m1.spi.ModelSpec;

/**
 * What a step costs by its definition, whatever a backend does: bytes that must be read once, and multiplications and
 * additions. Norms, rotations, softmax and activations are left out; they are below a percent of the operations.
 *
 * @param weightBytes bytes of the weights a step reads: all but an embedding matrix of its own
 * @param kvBytesPerToken bytes of one position's keys and values over all layers
 * @param layerOperations operations of the layers' matrices for one token
 * @param headOperations operations of the LM head for one row
 * @param attentionOperations operations of attention for one token and one position it looks at, over all layers
 */
record StepWork(
        double weightBytes,
        double kvBytesPerToken,
        double layerOperations,
        double headOperations,
        double attentionOperations) {
    /** Of a model whose weights take {@code weightBytes} where they are read. */
    static StepWork of(ModelSpec spec, long weightBytes, KvGeometry kv) {
        double embedding = (double) spec.vocabSize() * spec.hiddenSize();
        double bytesPerWeight = (double) weightBytes / spec.parameters();
        double embeddings = (spec.tiedEmbeddings() ? 1 : 2) * embedding;
        return new StepWork(
                weightBytes - (spec.tiedEmbeddings() ? 0 : embedding * bytesPerWeight),
                (double) kv.bytesPerBlock() / kv.blockTokens(),
                2 * (spec.parameters() - embeddings),
                2 * embedding,
                4.0 * spec.queryDim() * spec.layers()); // a product and a sum with every key, and with every value
    }

    /** Bytes of a step that decodes {@code rows} sequences of {@code context} tokens. */
    double decodeBytes(int rows, int context) {
        return weightBytes + (double) rows * context * kvBytesPerToken;
    }

    double decodeOperations(int rows, int context) {
        return rows * (layerOperations + headOperations + attentionOperations * (context + 1.0));
    }

    /** A prompt's tokens look at 1, 2, … positions; the LM head is needed for the last. */
    double prefillOperations(int tokens) {
        return tokens * layerOperations + headOperations + attentionOperations * tokens * (tokens + 1.0) / 2;
    }
}
