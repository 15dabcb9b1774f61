package dev.m1.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Character classes, normal forms and UTF-8. */
class UnicodeTest {
    @Test
    void lettersAndNumbersAreThoseOfUnicode16() {
        assumeTrue(Character.getType(0x1C89) == Character.UPPERCASE_LETTER && Character.getType(0x88F) == 0,
                "this JDK does not have Unicode 16 (JDK 24 and 25 have)");
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < 0xD800 || c > 0xDFFF) {
                int type = Character.getType(c);
                assertThat(UnicodeClasses.is(c, UnicodeClasses.LETTER)).as("letter %x", c)
                        .isEqualTo(Character.isLetter(c));
                assertThat(UnicodeClasses.is(c, UnicodeClasses.NUMBER)).as("number %x", c).isEqualTo(
                        type == Character.DECIMAL_DIGIT_NUMBER || type == Character.LETTER_NUMBER
                                || type == Character.OTHER_NUMBER);
            }
        }
    }

    @Test
    void whiteSpaceIsThatOfUnicode() {
        String space = "\t\n\u000b\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
                + "\u2009\u200a\u2028\u2029\u202f\u205f\u3000";
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            assertThat(UnicodeClasses.is(c, UnicodeClasses.SPACE)).as("%x", c).isEqualTo(space.indexOf(c) >= 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void longRunsNormalizeLikeShortOnes(Form form) {
        Random random = new Random(7);
        int[] pool = {'e', 0x41, 0x301, 0x323, 0x345, 0x334, 0x315, 0x5ae, 0x1d16d, 0x3099, 0x304b, 0xe38, 0x1100,
                0x1161, 0x11a8, 0xac00, 0x958,
            0x344, 0xf73, 0x1e9b, 0xfb01, 0x212b};
        UnicodeForm normalizer = new UnicodeForm(form);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                text.appendCodePoint(pool[round % 2 == 0 ? random.nextInt(pool.length) : 2 + random.nextInt(8)]);
            }
            // All of these were in Unicode 9, so the JDK agrees; 200 of them are not enough to make it slow.
            assertThat(normalizer.normalize(text.toString(), true, true))
                    .isEqualTo(java.text.Normalizer.normalize(text, form));
        }
    }

    @Test
    void marksYoungerThanTheTablesOfHuggingFaceStay() {
        UnicodeForm nfc = new UnicodeForm(Form.NFC);
        String young = "a\u0897\u0301\u0323"; // U+0897 has a combining class since Unicode 16 only
        assertThat(nfc.normalize(young, true, true)).isEqualTo("a\u0897\u0323\u0301");
    }

    @Test
    void representativesAreInTheOrderOfTheirClasses() {
        int[] marks = CombiningMarks.REPRESENTATIVES;
        for (int i = 0; i < marks.length; i++) {
            assertThat(CombiningMarks.order(marks[i])).isEqualTo(i + 1);
            assertThat(i > 0 && !CombiningMarks.swaps(marks[i], marks[i - 1])).as("%x", marks[i]).isFalse();
        }
        assertThat(CombiningMarks.order('a')).isZero();
        assertThat(CombiningMarks.order(0x300)).isEqualTo(CombiningMarks.order(0x301));
    }

    @ParameterizedTest
    @CsvSource({ // tables 3-8 to 3-11 of the Unicode standard, and characters that end too early; '?' is U+FFFD
        "C0 AF E0 80 BF F0 81 82 41, ????????A", "ED A0 80 ED BF BF ED AF 41, ????????A",
                "F4 91 92 93 FF 41 80 BF 42, ?????A??B",
        "E1 80 E2 F0 91 92 F1 BF 41, ????A", "F0 90 80, ?", "E4 BD, ?", "C3, ?", "80, ?", "E4 BD C3 A9, ?\u00e9"
    })
    void malformedBytesAreReplacedByMaximalSubparts(String hex, String text) {
        StringBuilder out = new StringBuilder();
        Utf8Stream utf8 = new Utf8Stream();
        for (String b : hex.split(" ")) {
            utf8.accept(Integer.parseInt(b, 16), out);
        }
        utf8.finish(out);
        assertThat(out.toString()).isEqualTo(text.replace('?', '\ufffd'));
    }

    @Test
    void wellFormedBytesComeBack() {
        StringBuilder text = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < 0xD800 || c > 0xDFFF) {
                text.appendCodePoint(c);
            }
        }
        StringBuilder out = new StringBuilder();
        Utf8Stream utf8 = new Utf8Stream();
        for (byte b : text.toString().getBytes(StandardCharsets.UTF_8)) {
            utf8.accept(b & 0xFF, out);
        }
        utf8.finish(out);
        assertThat(out.toString()).isEqualTo(text.toString());
    }
}
