package dev.m1.cuda.decoder;

import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import dev.m1.spi.contract.DecoderContractTest;

/**
 * The contract with cuBLASLt for steps from 100 tokens on. Its steps of several rows are larger; where it compares bits
 * of a whole prefill with those of a cut one, the steps are smaller, because that promise is given up beyond.
 */
class PrefillContractTest extends DecoderContractTest {
    @Override
    protected Decoder open(ModelSpec spec, WeightSource weights, Limits limits) {
        TestDevice.require();
        return CudaDecoder.open(spec, weights, PrefillOptions.with(limits, Prefill.CUBLASLT, 100));
    }
}
