/** m1's core: thinking budgets on open-weight language models, with a CPU backend in plain Java. */
@SuppressWarnings("module") // The digit belongs to the project's name.
module dev.m1.core {
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires jdk.jfr;
    requires org.slf4j;
    // Absent without --add-modules jdk.incubator.vector; the CPU backend then computes with scalar kernels.
    requires static jdk.incubator.vector;

    exports dev.m1;
    exports dev.m1.chat;
    exports dev.m1.errors;
    exports dev.m1.sampling;
    exports dev.m1.spi;
    exports dev.m1.thinking;
    exports dev.m1.tokenizer;

    uses dev.m1.spi.DecoderProvider;

    provides dev.m1.spi.DecoderProvider with
            dev.m1.cpu.CpuDecoderProvider;
}
