package dev.m1.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.emulator.Gpus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of {@code dependency.cuh} in what the compiler has made of the sources: it may move loads of what it
 * believes nobody writes.
 */
class DependencyRulesTest {
    private static final Pattern REGISTER = Pattern.compile("%\\w+");
    private static final Pattern POINTER = Pattern.compile("ld\\.param\\.u64 (%\\w+), \\[\\w+_param_(\\d+)\\]");
    private static final PtxModule MODULE = new PtxModule(Gpus.ptxOfSm90());

    /** Parameters, by the beginning of a kernel's name, that point to what kernels before it write. */
    private static final Map<String, Set<Integer>> WRITTEN = Map.of(
            "m1_linear_", Set.of(3, 8, 14),
            "m1_gemm_parts_", Set.of(0, 4),
            "m1_gemm_finish", Set.of(0, 3),
            "m1_rope_append", Set.of(0),
            "m1_attention_", Set.of(0, 2, 11, 13, 14),
            "m1_sample", Set.of(0, 5, 6, 7, 8, 9),
            "m1_top_logprobs", Set.of(0, 5, 6),
            "m1_embed_", Set.of(4)); // the previous step's ids were there before this step's first copy

    static Stream<String> kernels() {
        return MODULE.names().stream();
    }

    /** No way leads around the wait, and nothing before it reads or writes. */
    @ParameterizedTest
    @MethodSource("kernels")
    void waitsBeforeItTouchesMemory(String kernel) {
        List<Instruction> all = Arrays.asList(MODULE.kernel(kernel).instructions());
        List<String> texts = all.stream().map(Instruction::text).toList();
        int wait = texts.indexOf("griddepcontrol.wait"); // a guard would be in the text
        assertThat(wait).as("where it waits").isNotNegative();
        assertThat(texts.subList(0, wait)).contains("griddepcontrol.launch_dependents");
        for (Instruction i : all.subList(0, wait)) {
            assertThat(i.kind()).as(i.text()).isNotEqualTo(Instruction.Kind.EXIT);
            assertThat(i.target()).as(i.text()).isLessThanOrEqualTo(wait);
            assertThat(i.text()).doesNotStartWith("st.").doesNotStartWith("atom").doesNotStartWith("red");
            if (i.text().startsWith("ld.")) {
                assertThat(i.text()).startsWith("ld.param.");
            }
        }
    }

    /** What kernels write does not come from the path for data that nobody writes while a kernel is there. */
    @ParameterizedTest
    @MethodSource("kernels")
    void whatKernelsWriteIsNotTakenForConstant(String kernel) {
        Set<Integer> written = WRITTEN.entrySet().stream()
                .filter(e -> kernel.startsWith(e.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue();
        List<String> texts = Arrays.stream(MODULE.kernel(kernel).instructions())
                .map(Instruction::text)
                .toList();
        Map<String, Set<Integer>> origins = origins(texts);
        for (String text : texts) {
            if (text.contains("ld.global.nc")) {
                String address = registers(text.substring(text.indexOf('['))).get(0);
                assertThat(origins.getOrDefault(address, Set.of())).as(text).isNotEmpty().doesNotContainAnyElementsOf(
                        written);
            }
        }
    }

    /** From which pointers each register comes, through any arithmetic. */
    private static Map<String, Set<Integer>> origins(List<String> texts) {
        Map<String, Set<Integer>> origins = new HashMap<>();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (String text : texts) {
                Matcher pointer = POINTER.matcher(text);
                if (pointer.find()) {
                    Set<Integer> own = Set.of(Integer.parseInt(pointer.group(2)));
                    changed |= origins.computeIfAbsent(pointer.group(1), r -> new TreeSet<>()).addAll(own);
                } else if (!text.startsWith("ld.") && !text.startsWith("st.") && !text.contains(" ld.")) {
                    List<String> registers = registers(text);
                    for (int i = 1; i < registers.size(); i++) {
                        Set<Integer> from = origins.getOrDefault(registers.get(i), Set.of());
                        if (!from.isEmpty()) {
                            changed |= origins.computeIfAbsent(registers.get(0), r -> new TreeSet<>())
                                    .addAll(List.copyOf(from));
                        }
                    }
                }
            }
        }
        return origins;
    }

    private static List<String> registers(String text) {
        return REGISTER.matcher(text).results().map(MatchResult::group).toList();
    }
}
