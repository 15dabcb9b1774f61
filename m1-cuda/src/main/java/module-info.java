/** m1's CUDA backend. A host needs no type of it: {@link java.util.ServiceLoader} finds the provider. */
@SuppressWarnings("module") // The digit belongs to the project's name.
module dev.m1.cuda {
    requires dev.m1.core;

    provides dev.m1.spi.DecoderProvider with
            dev.m1.cuda.CudaDecoderProvider;
}
