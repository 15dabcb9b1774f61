package dev.m1.cuda.decoder;

import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import dev.m1.spi.contract.BatchInvarianceContractTest;
import dev.m1.spi.contract.RandomModel;
import org.junit.jupiter.api.Test;

/** Core's batch invariance with one model of each kind of matrix kernel; {@link AllModels} are for a real device. */
class CudaBatchInvarianceTest {
    /** Every model of the contract; by its name no part of a usual test run. */
    static class AllModels extends BatchInvarianceContractTest {
        @Override
        protected Decoder open(ModelSpec spec, WeightSource weights, Limits limits) {
            TestDevice.require();
            return CudaDecoder.open(spec, weights, limits);
        }
    }

    @Test
    void onTensorCores() {
        new AllModels().aRowDependsOnItsOwnTokensOnly(RandomModel.biased(DType.BF16, 41), KvType.BF16, 41);
    }

    @Test
    void withoutTensorCores() {
        new AllModels().aRowDependsOnItsOwnTokensOnly(RandomModel.qwen3(DType.F32, 42), KvType.F32, 42);
    }
}
