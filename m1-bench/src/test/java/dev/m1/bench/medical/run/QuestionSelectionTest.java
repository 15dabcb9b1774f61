package dev.m1.bench.medical.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.MedicalData;
import dev.m1.bench.medical.MedicalItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QuestionSelectionTest {
    private static final Path EXAM = Path.of("src", "test", "resources", "medical", "exam.json");

    @Test
    void allInTheOrderOfTheFile() throws IOException {
        assertThat(ids(QuestionSelection.ALL))
                .hasSize(12)
                .startsWith("Vitamins#0", "Vitamins#1")
                .endsWith("Anatomy_op5#3");
    }

    @Test
    void aLimitTakesTheSourcesInTurn() throws IOException {
        assertThat(ids(selection(List.of(), 7, null)))
                .containsExactly(
                        "Vitamins#0", "Anatomy_op4#0", "Anatomy_op5#0", "Vitamins#1", "Anatomy_op4#1", "Anatomy_op5#1",
                        "Vitamins#2");
        assertThat(ids(selection(List.of("Anatomy_op5", "Vitamins"), 3, null)))
                .containsExactly("Vitamins#0", "Anatomy_op5#0", "Vitamins#1");
        assertThat(ids(selection(List.of(), 100, null))).hasSize(12);
    }

    @Test
    void aSeedGivesAnOrderAndALimitTheFirstOfIt() throws IOException {
        List<String> shuffled = ids(selection(List.of(), null, 3L));
        assertThat(shuffled)
                .containsExactlyInAnyOrderElementsOf(ids(QuestionSelection.ALL))
                .isNotEqualTo(ids(QuestionSelection.ALL))
                .isEqualTo(ids(selection(List.of(), null, 3L)))
                .isNotEqualTo(ids(selection(List.of(), null, 4L)));
        assertThat(ids(selection(List.of(), 5, 3L))).isEqualTo(shuffled.subList(0, 5));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> ids(selection(List.of("Vitamins", "Law"), null, null)))
                .withMessageContaining("no source [Law]")
                .withMessageContaining("Anatomy_op4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selection(List.of(), 0, null))
                .withMessageContaining("got 0");
    }

    private static List<String> ids(QuestionSelection selection) throws IOException {
        return selection.of(MedicalData.load(EXAM)).stream().map(MedicalItem::id).toList();
    }

    private static QuestionSelection selection(List<String> sources, Integer limit, Long seed) {
        return new QuestionSelection(
                sources,
                limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
                seed == null ? OptionalLong.empty() : OptionalLong.of(seed));
    }
}
