package dev.m1.cuda.decoder;

import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import dev.m1.spi.contract.DecoderContractTest;

class CudaDecoderContractTest extends DecoderContractTest {
    @Override
    protected Decoder open(ModelSpec spec, WeightSource weights, Limits limits) {
        TestDevice.require();
        return CudaDecoder.open(spec, weights, limits);
    }
}
