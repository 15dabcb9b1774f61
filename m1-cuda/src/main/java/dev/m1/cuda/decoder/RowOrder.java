package dev.m1.cuda.decoder;

/** Which row of which checkpoint tensor a packed row is. */
interface RowOrder {
    /** Index of the tensor. */
    int tensor(int packed);

    /** Row in that tensor. */
    int row(int packed);

    /** One tensor, as it is. */
    RowOrder PLAIN = new RowOrder() {
        @Override
        public int tensor(int packed) {
            return 0;
        }

        @Override
        public int row(int packed) {
            return packed;
        }
    };

    /**
     * Two tensors of one size, a row of each in turn: a gate's activation and what it is multiplied with are
     * neighbours.
     */
    RowOrder ALTERNATING = new RowOrder() {
        @Override
        public int tensor(int packed) {
            return packed % 2;
        }

        @Override
        public int row(int packed) {
            return packed / 2;
        }
    };

    /** Heads of one tensor, with the two elements of each rotation side by side. */
    static RowOrder paired(int headDim) {
        return new RowOrder() {
            @Override
            public int tensor(int packed) {
                return 0;
            }

            @Override
            public int row(int packed) {
                int i = packed % headDim;
                return packed - i + i / 2 + (i % 2) * (headDim / 2);
            }
        };
    }

    /** Queries, keys and values: the first two paired for rotation. */
    static RowOrder qkv(int queryDim, int kvDim, int headDim) {
        RowOrder paired = paired(headDim);
        return new RowOrder() {
            @Override
            public int tensor(int packed) {
                return packed < queryDim ? 0 : packed < queryDim + kvDim ? 1 : 2;
            }

            @Override
            public int row(int packed) {
                return switch (tensor(packed)) {
                    case 0 -> paired.row(packed);
                    case 1 -> paired.row(packed - queryDim);
                    default -> packed - queryDim - kvDim;
                };
            }
        };
    }
}
