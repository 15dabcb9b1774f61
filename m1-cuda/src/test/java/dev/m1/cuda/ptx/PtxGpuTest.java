package dev.m1.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The interpreter computes what the PTX ISA says, and notices the mistakes that kernels have. */
class PtxGpuTest {
    /** Runs a body in 64 threads: {@code %rd1} is a buffer of 64 words, {@code %r1} the thread. */
    private static int[] run(String body) {
        return run(body, 64);
    }

    private static int[] run(String body, int threads) {
        String text = """
                .version 9.0
                .target sm_80
                .address_size 64
                .extern .shared .align 16 .b8 dynamic[];
                .visible .entry k(.param .u64 k_param_0)
                {
                .reg .b32 %r<9>;
                .shared .align 4 .b8 words[256];
                ld.param.u64 %rd1, [k_param_0];
                mov.u32 %r1, %tid.x;
                mul.wide.u32 %rd2, %r1, 4;
                add.s64 %rd3, %rd1, %rd2;
                shl.b32 %r2, %r1, 2;
                mov.u32 %r3, words;
                add.s32 %r4, %r3, %r2;
                BODY
                ret;
                }
                """.replace("BODY", body);
        try (PtxGpu gpu = new PtxGpu(new PtxModule(text))) {
            MemorySegment out = gpu.allocate(256);
            gpu.launch("k", 1, 1, threads, 0, out);
            return out.toArray(ValueLayout.JAVA_INT);
        }
    }

    /** Values worked out by hand from the ISA's definitions; -1 is all bits set. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "add.s32 %r5, -1, 2                                    | 1",
        "shr.s32 %r5, -8, 1                                    | -4",
        "shr.u32 %r5, -8, 1                                    | 2147483644",
        "shr.u32 %r5, -8, 32                                   | 0",
        "shl.b32 %r5, 1, 33                                    | 0",
        "min.s32 %r5, -1, 1                                    | -1",
        "min.u32 %r5, -1, 1                                    | 1",
        "div.s32 %r5, -7, 2                                    | -3",
        "rem.s32 %r5, -7, 2                                    | -1",
        "mul.hi.u32 %r5, -1, -1                                | -2",
        "mad.lo.s32 %r5, 3, 4, 5                               | 17",
        "popc.b32 %r5, -1                                      | 32",
        "brev.b32 %r5, 1                                       | -2147483648",
        "bfind.shiftamt.u32 %r5, 16                            | 27",
        "cvt.rzi.s32.f32 %r5, 0fC0200000                       | -2",
        "cvt.rni.s32.f32 %r5, 0f40200000                       | 2",
        "cvt.rn.f32.s32 %r5, -3                                | -1069547520",
        "fma.rn.f32 %r5, 0f40000000, 0f40400000, 0f3F800000    | 1088421888",
        "add.rn.f32 %r5, 0f3F800000, 0f33000000                | 1065353216",
        "min.f32 %r5, 0f7FC00000, 0f3F800000                   | 1065353216",
        "cvt.sat.f32.f32 %r5, 0f7FC00000                       | 0",
        "cvt.rn.bf16.f32 %r5, 0f3F808000                       | 16256",
        "cvt.rn.bf16.f32 %r5, 0f3F818000                       | 16258"
    })
    void instructionsComputeWhatTheIsaSays(String instruction, int expected) {
        assertThat(run(instruction + "; st.global.u32 [%rd3], %r5;")).containsOnly(expected);
    }

    /** 1 + 2^-30 rounds to 1, and towards minus infinity 1 - 2^-30 to the float below 1. */
    @Test
    void fusedMultiplyAddRoundsOnceAndDown() {
        assertThat(run("fma.rn.f32 %r5, 0f30800000, 0f3F800000, 0f3F800000; st.global.u32 [%rd3], %r5;"))
                .containsOnly(0x3f800000);
        assertThat(run("fma.rm.f32 %r5, 0fB0800000, 0f3F800000, 0f3F800000; st.global.u32 [%rd3], %r5;"))
                .containsOnly(0x3f7fffff);
    }

    @Test
    void lanesPartAndMeetAgain() {
        int[] out = run("""
                setp.lt.u32 %p1, %r1, 10;
                mov.u32 %r5, 7;
                @%p1 bra LESS;
                mov.u32 %r5, 9;
                bra.uni MEET;
                LESS:
                add.s32 %r5, %r5, %r1;
                MEET:
                shfl.sync.down.b32 %r6|%p2, %r5, 1, 31, -1;
                st.global.u32 [%rd3], %r6;
                """);
        assertThat(out[0]).isEqualTo(8);
        assertThat(out[9]).isEqualTo(9);
        assertThat(out[31]).isEqualTo(9);
    }

    @Test
    void aShuffleThatALaneMissesIsNamed() {
        assertThatThrownBy(() -> run("""
                setp.eq.u32 %p1, %r1, 3;
                @%p1 bra OUT;
                shfl.sync.bfly.b32 %r5, %r1, 1, 31, -1;
                OUT:
                """)).hasMessageContaining("lanes ffffffff are named but fffffff7 came");
    }

    @Test
    void aBarrierThatALaneMissesIsNamed() {
        assertThatThrownBy(() -> run("""
                setp.eq.u32 %p1, %r1, 3;
                @%p1 bra OUT;
                bar.sync 0;
                OUT:
                bar.sync 0;
                """)).hasMessageContaining("others do not");
    }

    @Test
    void sharedMemoryThatNobodyWroteIsNamed() {
        assertThatThrownBy(() -> run("ld.shared.u32 %r5, [%r4];")).hasMessageContaining("nobody has written");
    }

    @Test
    void aMissingBarrierIsNamed() {
        String write = "st.shared.u32 [%r4], %r1;";
        String readFromOtherWarp = "xor.b32 %r5, %r2, 128; add.s32 %r5, %r5, %r3; ld.shared.u32 %r6, [%r5];";
        assertThatThrownBy(() -> run(write + readFromOtherWarp + "st.global.u32 [%rd3], %r6;"))
                .hasMessageContaining("nobody has written"); // the first warp comes before the second has written
        assertThatThrownBy(() -> run(write + "bar.sync 0;" + readFromOtherWarp + write))
                .hasMessageContaining("another warp").hasMessageContaining("since the last barrier");
        assertThat(run(write + "bar.sync 0;" + readFromOtherWarp + "st.global.u32 [%rd3], %r6;")[0]).isEqualTo(32);
    }

    /** Each of 8 rows of a matrix is 8 elements; the address of row l is that of lane l. Memory holds 0, 1, 2, … */
    @Test
    void matricesAreSpreadOverTheWarp() {
        String body = """
                st.shared.u32 [%r4], %r1;
                bar.sync 0;
                and.b32 %r5, %r1, 7;
                shl.b32 %r5, %r5, 4;
                add.s32 %r5, %r5, %r3;
                ldmatrix.sync.aligned.m8n8.x4.FORM.b16 {%r5, %r6, %r7, %r8}, [%r5];
                st.global.u32 [%rd3], %r6;
                """;
        // Word w of shared memory is w: elements 2 w and 2 w + 1 are w and 0. Lane 5 has row 1, elements 2 and 3.
        assertThat(run(body.replace("FORM", "shared"))[5]).isEqualTo(5);
        // Transposed, lane 5 has column 1, upper halves of words; lane 9 column 2 of rows 2 and 3, words 9 and 13.
        assertThat(run(body.replace("FORM", "trans.shared"))[5]).isZero();
        assertThat(run(body.replace("FORM", "trans.shared"))[9]).isEqualTo(9 | 13 << 16);
    }

    @Test
    void anAsynchronousCopyIsThereWhenItIsWaitedFor() {
        String copy = """
                mov.u32 %r5, 5;
                st.global.u32 [%rd3], %r5;
                shl.b32 %r6, %r1, 4;
                and.b32 %r6, %r6, 255;
                cvt.u64.u32 %rd5, %r6;
                add.s64 %rd4, %rd1, %rd5;
                add.s32 %r6, %r6, %r3;
                cp.async.cg.shared.global [%r6], [%rd4], 16;
                """;
        String read = "ld.shared.u32 %r7, [%r6]; add.s32 %r7, %r7, 1; st.global.u32 [%rd3], %r7;";
        assertThat(run(copy + "cp.async.wait_all; bar.warp.sync -1;" + read, 16)).startsWith(6, 6, 6, 6);
        assertThatThrownBy(() -> run(copy + read, 16)).hasMessageContaining("nobody has written");
    }

    @Test
    void accessesBeyondMemoryAndUnalignedOnesAreNamed() {
        assertThatThrownBy(() -> run("st.global.u32 [%rd3+4], %r1;"))
                .hasMessageContaining("4 bytes at 256 of an allocation of 256");
        assertThatThrownBy(() -> run("ld.global.v4.f32 {%r5, %r6, %r7, %r8}, [%rd3+4];"))
                .hasMessageContaining("not aligned");
        assertThatThrownBy(() -> run("st.shared.u32 [%r4+64], %r1;")).hasMessageContaining("of shared memory");
    }

    @Test
    void anUnknownInstructionAndAnAtomicOnFloatsAreRefused() {
        assertThatThrownBy(() -> run("frobnicate.u32 %r5, %r1;")).hasMessageContaining("frobnicate");
        assertThatThrownBy(() -> run("atom.global.add.f32 %r5, [%rd3], %r1;"))
                .hasMessageContaining("depends on the order");
    }

    @Test
    void anEndlessLoopEnds() {
        assertThatThrownBy(() -> run("AGAIN: bra AGAIN;", 1)).hasMessageContaining("does not end");
    }
}
