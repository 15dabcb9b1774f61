package dev.m1.bench.medical;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against tables that Python printed ({@code make_python_text.py} beside the resource). */
class PythonTextTest {
    private static JsonNode python;
    private static BitSet assigned;

    @BeforeAll
    static void load() throws IOException {
        try (InputStream in = PythonTextTest.class.getResourceAsStream("/medical/python_text.json")) {
            python = JsonLines.MAPPER.readTree(in);
        }
        assigned = ranges("assigned");
    }

    @Test
    void wordCharactersArePythons() {
        assertThat(differences(PythonText::isWord, ranges("word"))).isEmpty();
    }

    @Test
    void whiteSpaceIsPythons() {
        assertThat(differences(PythonText::isSpace, ranges("space"))).isEmpty();
    }

    @Test
    void everyCharactersLowerCaseIsPythons() {
        List<String> different = new ArrayList<>();
        assigned.stream().forEach(c -> {
            String character = Character.toString(c);
            String expected = python.get("lower").path(character).asText(character);
            if (!PythonText.lower(character).equals(expected)) {
                different.add(Integer.toHexString(c));
            }
        });
        assertThat(different).isEmpty();
    }

    @Test
    void sigmaEndsWordsAsInPython() {
        python.get("sigma").properties().forEach(word -> assertThat(PythonText.lower(word.getKey()))
                .as(word.getKey())
                .isEqualTo(word.getValue().textValue()));
    }

    @Test
    void stripsWhatPythonStrips() {
        assertThat(PythonText.strip("\u001c\u00a0\u2003 a\u200b b \u0085\n")).isEqualTo("a\u200b b");
        assertThat(PythonText.strip(" \t")).isEmpty();
    }

    private static List<String> differences(IntPredicate ours, BitSet theirs) {
        return assigned.stream()
                .filter(c -> ours.test(c) != theirs.get(c))
                .mapToObj(Integer::toHexString)
                .toList();
    }

    private static BitSet ranges(String name) {
        BitSet set = new BitSet();
        python.get(name).forEach(range -> set.set(range.get(0).intValue(), range.get(1).intValue() + 1));
        return set;
    }
}
