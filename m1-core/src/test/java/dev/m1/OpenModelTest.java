package dev.m1;

import dev.m1.testing.Fixtures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Base of tests that need an open (tiny, random) checkpoint, and a look at what its decoder is fed. */
@Timeout(120)
abstract class OpenModelTest {
    private final String checkpoint;
    private final ModelOptions options;
    CountingDecoder counter;
    LanguageModel model;
    Reasoner reasoner;

    OpenModelTest(String checkpoint, ModelOptions options) {
        this.checkpoint = checkpoint;
        this.options = options;
    }

    @BeforeEach
    void open() {
        model = LanguageModel.open(Fixtures.model(checkpoint), options, d -> counter = new CountingDecoder(d));
        reasoner = Reasoner.of(model);
    }

    @AfterEach
    void close() {
        counter.open(); // a test that failed may have left the engine waiting
        model.close();
    }

    /** Waits until the engine has published that nothing runs: its metrics are those of its last step. */
    static void awaitIdle(LanguageModel model) throws InterruptedException {
        while (model.metrics().running() + model.metrics().waiting() > 0) {
            Thread.sleep(1);
        }
    }
}
