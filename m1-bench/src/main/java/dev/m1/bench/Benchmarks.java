package dev.m1.bench;

import java.io.IOException;
import org.openjdk.jmh.Main;

/**
 * Runs the JMH benchmarks of this jar. Every option of JMH works; the useful ones:
 *
 * <pre>{@code
 * mvn -B -DskipTests package -pl m1-bench -am
 * java --add-modules jdk.incubator.vector -jar m1-bench/target/benchmarks.jar -l                 # which there are
 * java --add-modules jdk.incubator.vector -jar m1-bench/target/benchmarks.jar MatVec             # some of them
 * java --add-modules jdk.incubator.vector -jar m1-bench/target/benchmarks.jar -rf json -rff r.json
 * }</pre>
 *
 * <p>JMH hands the flags of this JVM on to the JVMs it forks.
 */
public final class Benchmarks {
    private Benchmarks() {}

    /** Hands the arguments to JMH. */
    public static void main(String[] args) throws IOException {
        Main.main(args);
    }
}
