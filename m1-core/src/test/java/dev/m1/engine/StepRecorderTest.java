package dev.m1.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepRecorderTest {
    private static final int STEPS = 1000;

    private static void steps(StepRecorder recorder) {
        for (int i = 0; i < STEPS; i++) {
            recorder.begin();
            recorder.end(i, 2 * i, 3 * i);
        }
    }

    private static long bytesOf(StepRecorder recorder, ThreadMXBean threads) {
        long before = threads.getCurrentThreadAllocatedBytes();
        steps(recorder);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void allocatesNothingWhileNobodyRecords() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        StepRecorder recorder = new StepRecorder();
        bytesOf(recorder, threads); // classes are loaded and linked
        assertThat(bytesOf(recorder, threads)).isZero();
    }

    @Test
    void recordsEachStepOnceWithItsNumbers(@TempDir Path dir) throws Exception {
        StepRecorder recorder = new StepRecorder();
        steps(recorder); // before the recording: not in it
        Path file = dir.resolve("steps.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.m1.Step").withoutThreshold();
            recording.start();
            steps(recorder);
            recording.stop();
            steps(recorder); // behind it
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).hasSize(STEPS);
        assertThat(events.stream().map(e -> e.getInt("rows")).sorted().toList())
                .isEqualTo(IntStream.range(0, STEPS).boxed().toList());
        for (RecordedEvent e : events) {
            assertThat(e.getInt("tokens")).isEqualTo(2 * e.getInt("rows"));
            assertThat(e.getInt("waiting")).isEqualTo(3 * e.getInt("rows"));
            assertThat(e.getStackTrace()).isNull();
        }
    }
}
