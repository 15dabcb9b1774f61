package dev.m1.examples.demo;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;

/**
 * One picture of an exam's results: to the left accuracy against the budget, to the right what Waits flip. Drawn in
 * memory, so that no display is needed.
 */
public final class SweepPlot {
    private static final int LEFT = 560; // widths and height in points
    private static final int RIGHT = 500;
    private static final int HEIGHT = 400;
    private static final int PIXELS = 2; // of the bitmap, for each point

    private final XYChart curves;
    private final CategoryChart flips;

    public SweepPlot(List<ExamResult> results) {
        curves = CurveChart.of(results, LEFT, HEIGHT);
        flips = FlipChart.of(results, RIGHT, HEIGHT);
    }

    /**
     * Writes {@code NAME.png} and {@code NAME.svg}.
     *
     * @throws IOException if a file cannot be written
     */
    public List<Path> write(Path folder, String name) throws IOException {
        Path png = folder.resolve(name + ".png");
        Path svg = folder.resolve(name + ".svg");
        BufferedImage image =
                new BufferedImage((LEFT + RIGHT) * PIXELS, HEIGHT * PIXELS, BufferedImage.TYPE_INT_RGB);
        drawOn(image.createGraphics(), g -> {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.scale(PIXELS, PIXELS);
        });
        try (OutputStream out = Files.newOutputStream(png)) {
            ImageIO.write(image, "png", out);
        }
        VectorGraphics2D drawing = new VectorGraphics2D();
        drawOn(drawing, g -> {});
        try (OutputStream out = Files.newOutputStream(svg)) {
            new SVGProcessor()
                    .getDocument(drawing.getCommands(), new PageSize(0, 0, LEFT + RIGHT, HEIGHT))
                    .writeTo(out);
        }
        return List.of(png, svg);
    }

    private void drawOn(Graphics2D g, Consumer<Graphics2D> prepare) {
        prepare.accept(g);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, LEFT + RIGHT, HEIGHT);
        curves.paint(g, LEFT, HEIGHT);
        g.translate(LEFT, 0);
        flips.paint(g, RIGHT, HEIGHT);
        g.dispose();
    }
}
