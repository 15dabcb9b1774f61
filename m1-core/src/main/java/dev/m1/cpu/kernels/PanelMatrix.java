package dev.m1.cpu.kernels;

/**
 * A weight matrix copied into panels when a model is opened. A panel has some rows, one for each lane of two vectors,
 * and lies in one piece, input after input, so that a product reads it from end to end and needs no sum over lanes.
 * Inputs are filled up to whole blocks, rows to whole panels, both with zeros.
 */
public abstract class PanelMatrix {
    /** Inputs of a block. */
    static final int BLOCK = 32;

    final int outputs;
    final int inputs;
    final int width; // rows of a panel
    final int blocks; // of a row

    /** @param width rows of a panel, see {@link PanelKernel#width} */
    PanelMatrix(int outputs, int inputs, int width) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.width = width;
        blocks = blocks(inputs);
    }

    static int blocks(int inputs) {
        return (int) (((long) inputs + BLOCK - 1) / BLOCK);
    }

    static int panels(int outputs, int width) {
        return (int) (((long) outputs + width - 1) / width);
    }

    /** Panels of this matrix. */
    public final int panels() {
        return panels(outputs, width);
    }

    /** Floats of a row that is filled up to whole blocks. */
    static int padded(int inputs) {
        return Math.multiplyExact(blocks(inputs), BLOCK);
    }
}
