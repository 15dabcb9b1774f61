package dev.m1.bench.medical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.m1.bench.testing.SharedData;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Against what the original's Python returns ({@code make_answers.py} beside the resource made ours). */
class M1ScorerTest {
    @Test
    void inventedAnswersScoreAsInTheOriginal() throws Exception {
        assertSameAsOriginal(invented());
    }

    @Test
    void realAnswersScoreAsInTheOriginal() throws IOException {
        assertSameAsOriginal(ScoredAnswer.read(SharedData.require("data/goldens/answer_goldens.jsonl.gz")));
    }

    @Test
    void inventedAnswersReachEveryRule() throws Exception {
        Set<M1Rule> reached = EnumSet.noneOf(M1Rule.class);
        invented().forEach(answer -> reached.add(M1Scorer.score(answer.item()).rule()));
        assertThat(reached).containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(M1Rule.NONE)));
    }

    @Test
    void optionsThatCannotBeReadBackMatchNothing() {
        AnswerItem blank = new AnswerItem("perhaps (A)", Map.of("A", " "), "A", " ");
        assertThat(M1Scorer.score(blank)).isEqualTo(new M1Score("perhaps (A)", M1Rule.NONE, null, false));
    }

    @Test
    void rightLetterMustBeAnOption() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AnswerItem("", Map.of("A", "x"), "B", "y"))
                .withMessageContaining("B")
                .withMessageContaining("[A]");
    }

    private static void assertSameAsOriginal(List<ScoredAnswer> answers) {
        assertThat(answers).hasSizeGreaterThan(300);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.scored()).isEqualTo(answer));
    }

    private static List<ScoredAnswer> invented() throws IOException, URISyntaxException {
        return ScoredAnswer.read(Path.of(M1ScorerTest.class.getResource("/medical/answers.jsonl").toURI()));
    }
}
