package dev.m1;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.m1.spi.DecoderProvider;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The direction of the arrows between m1's packages, and what a library must not do. */
class ArchitectureTest {
    private static final String ROOT = "dev.m1";

    /** Which packages of m1 each one may use, besides itself and what lies below it. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "errors", Set.of(),
            "sampling", Set.of("errors"),
            "thinking", Set.of("errors"),
            "tokenizer", Set.of("errors"),
            "chat", Set.of("tokenizer", "errors"),
            "spi", Set.of("sampling", "errors"),
            "checkpoint", Set.of("spi", "sampling", "errors"),
            "cpu", Set.of("spi", "sampling", "errors"),
            "engine", Set.of("spi", "sampling", "errors"));

    /** The API wires everything together, but backends only through the seam. */
    private static final Set<String> API_USES =
            Set.of("engine", "thinking", "sampling", "chat", "tokenizer", "checkpoint", "spi", "errors");

    static final Set<String> PACKAGES = new TreeSet<>(ARROWS.keySet());

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(mainClasses());

    private static Path mainClasses() {
        try {
            return Path.of(DecoderProvider.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyPackageHasItsArrows() {
        Set<String> found = new TreeSet<>();
        for (JavaClass c : CLASSES) {
            if (!c.getPackageName().isEmpty() && !c.getPackageName().equals(ROOT)) {
                found.add(c.getPackageName().substring(ROOT.length() + 1).split("\\.")[0]);
            }
        }
        assertThat(found).isEqualTo(PACKAGES);
    }

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void usesOnlyWhatItsArrowsPointTo(String name) {
        classes()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..")
                        .or(resideInAnyPackage(subtrees(name)))
                        .or(resideInAnyPackage(subtrees(ARROWS.get(name).toArray(String[]::new)))))
                .check(CLASSES);
    }

    @Test
    void theApiReachesBackendsThroughTheSeamOnly() {
        classes()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..")
                        .or(resideInAnyPackage(ROOT))
                        .or(resideInAnyPackage(subtrees(API_USES.toArray(String[]::new)))))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingPrints() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }

    @Test
    void nothingChangesTheHostsJvm() {
        List<String> forbidden =
                List.of("setProperty", "setProperties", "clearProperty", "setOut", "setErr", "exit", "gc");
        noClasses()
                .should()
                .callCodeUnitWhere(describe(
                        "the target is System." + forbidden,
                        (JavaCall<?> call) -> call.getTargetOwner().isEquivalentTo(System.class)
                                && forbidden.contains(call.getName())))
                .check(CLASSES);
    }

    @Test
    void noStaticFieldChanges() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }

    private static String[] subtrees(String... names) {
        return Arrays.stream(names).map(name -> ROOT + "." + name + "..").toArray(String[]::new);
    }
}
