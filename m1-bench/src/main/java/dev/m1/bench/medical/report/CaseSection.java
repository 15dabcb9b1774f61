package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.Utf16;
import dev.m1.bench.medical.run.CellOutcome;
import java.util.List;
import java.util.Map;

/** Questions that more thinking turned from right to wrong, side by side, with where the thinking went on. */
final class CaseSection {
    private static final int BEFORE = 500; // characters shown before the thinking turned
    private static final int AFTER = 900; // and after
    private static final int END = 500; // of its end
    private static final int ANSWER = 1500;

    private CaseSection() {}

    static void write(Html html, RunStatistics s, int most) {
        html.element("h2", "Right to wrong", "id", "cases");
        List<TurnedCase> cases = TurnedCase.find(s, most);
        if (cases.isEmpty()) {
            html.element("p", "No question went from right to wrong with a larger budget or more Waits.");
            return;
        }
        html.open("p").text("Questions answered right that more thinking turned wrong, by the m1 scorer; at most "
                + most + ", from each comparison in turn. On the right the thinking goes on where on the left it was"
                + " ended. ");
        html.element("mark", "The right option", "class", "good").text(" and ");
        html.element("mark", "the one taken instead", "class", "bad").text(" are marked where the text names them.");
        html.close().line();
        boolean withWaits = s.run().grid().waits().size() > 1;
        for (TurnedCase turned : cases) {
            write(html, turned, withWaits);
        }
    }

    private static void write(Html html, TurnedCase turned, boolean withWaits) {
        MedicalItem item = turned.question().item();
        String taken = turned.wrong().letter(Scorer.M1);
        html.open("article", "class", "case");
        html.element("h3", item.id() + ": " + Format.cell(turned.before(), withWaits) + " → "
                + Format.cell(turned.after(), withWaits));
        html.element("p", item.question(), "class", "said", "dir", "auto");
        html.open("ul", "class", "options");
        for (Map.Entry<String, String> option : item.options().entrySet()) {
            String letter = option.getKey();
            String kind = letter.equals(item.answerIdx()) ? "good" : letter.equals(taken) ? "bad" : "plain";
            html.element("li", letter + ". " + option.getValue(), "class", kind, "dir", "auto");
        }
        html.close();
        OptionMarks marks = new OptionMarks(item.options(), item.answerIdx(), taken);
        int turn = turned.turn();
        html.open("div", "class", "sides");
        side(html, "Right", turned.before(), withWaits, turned.right(), turn, marks);
        side(html, "Wrong", turned.after(), withWaits, turned.wrong(), turn, marks);
        html.close().close().line();
    }

    private static void side(
            Html html, String verdict, Cell cell, boolean withWaits, ScoredCell scored, int turn, OptionMarks marks) {
        CellOutcome o = scored.outcome();
        html.open("div");
        html.element("h4", verdict + " at " + Format.cell(cell, withWaits) + ": " + option(scored, Scorer.M1)
                + " (strict scorer: " + option(scored, Scorer.STRICT) + ")");
        html.element("p", o.thinkingTokens() + " thinking tokens" + (o.wasCut() && cell.budget() > 0 ? ", cut" : ""),
                "class", "soft");
        String thinking = o.thinking();
        html.open("p", "class", "said", "dir", "auto");
        html.open("span", "class", "before");
        String common = Utf16.tail(thinking.substring(0, turn), BEFORE);
        if (common.length() < turn) {
            html.text("… ");
        }
        marks.write(html, common);
        html.close();
        if (turn < thinking.length()) {
            html.element("span", " ▸ goes on: ", "class", "turn");
            excerpt(html, thinking.substring(turn), marks);
        } else {
            html.element("span", thinking.isEmpty() ? "(no thinking)" : " ▪ ends here", "class", "turn");
        }
        html.close();
        html.open("p", "class", "said answer", "dir", "auto");
        String answer = o.answer().strip();
        marks.write(html, answer.isEmpty() ? "(no answer)" : Utf16.head(answer, ANSWER));
        html.text(answer.length() > ANSWER ? " …" : "").close();
        if (thinking.length() > BEFORE) {
            html.open("details").element("summary", "The whole thinking");
            html.element("p", thinking, "class", "said", "dir", "auto").close();
        }
        html.close();
    }

    private static String option(ScoredCell scored, Scorer scorer) {
        String letter = scored.letter(scorer);
        return letter == null ? "no option" : "option " + letter;
    }

    private static void excerpt(Html html, String text, OptionMarks marks) {
        if (text.length() <= AFTER + END) {
            marks.write(html, text);
            return;
        }
        marks.write(html, Utf16.head(text, AFTER));
        html.text(" […] ");
        marks.write(html, Utf16.tail(text, END));
    }
}
