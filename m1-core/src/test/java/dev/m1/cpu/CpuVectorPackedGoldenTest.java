package dev.m1.cpu;

import dev.m1.cpu.kernels.TestKernels;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightType;
import dev.m1.spi.contract.LogitsContractTest;

class CpuVectorPackedGoldenTest extends LogitsContractTest {
    @Override
    protected WeightType weights() {
        return WeightType.PACKED;
    }

    @Override
    protected Decoder open(ModelSpec spec, WeightSource weights, Limits limits) {
        return CpuDecoder.open(spec, weights, limits, TestKernels.vector());
    }
}
