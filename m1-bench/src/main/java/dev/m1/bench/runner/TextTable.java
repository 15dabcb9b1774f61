package dev.m1.bench.runner;

import java.util.List;

/** Rows of text as columns. */
public final class TextTable {
    private TextTable() {}

    /** Two spaces between columns, the first row underlined, no space at a line's end. */
    public static String of(List<String[]> rows) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                line.append(rows.get(r)[c]).append(" ".repeat(widths[c] - rows.get(r)[c].length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
            if (r == 0) {
                text.append("-".repeat(line.toString().stripTrailing().length()))
                        .append('\n');
            }
        }
        return text.toString().stripTrailing();
    }
}
