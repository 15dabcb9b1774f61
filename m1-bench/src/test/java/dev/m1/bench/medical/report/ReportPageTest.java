package dev.m1.bench.medical.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.bench.medical.run.InventedRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
    @TempDir
    private Path folder;

    @Test
    void holdsEverySectionAndAsksNobody() throws Exception {
        Map<String, Integer> sources = new LinkedHashMap<>();
        sources.put("MedBullets_op4", 308);
        sources.put("MedBullets_op5", 308);
        sources.put("MedMCQA_validation", 120);
        sources.put("PubMedQA_test", 90);
        InventedRun.write(
                folder, "m1-invented", sources, List.of(0, 128, 256, 512, 1024, 2048, 4096), List.of(0, 1, 2), 0.1, 11);
        Report.write(folder, 20);
        String html = Files.readString(folder.resolve(Report.HTML));
        assertThat(html).contains("id=\"budgets\"");
    }
}
