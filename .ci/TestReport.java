import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Sums up the Surefire reports of all modules: {@code java .ci/TestReport.java BUILD_STATUS LAUNCHER_STATUS}, in the
 * root of the checkout. Exits with 1 if one of the two failed, a test failed, none passed, or one was skipped that
 * expected-skips.txt does not name.
 */
final class TestReport {
    private record Case(String name, String skip, boolean failed) {}

    private record Expectation(Pattern name, Pattern message, boolean onlyWithoutSharedData) {
        boolean covers(Case c, boolean sharedData) {
            return name.matcher(c.name).matches()
                    && message.matcher(c.skip).matches()
                    && !(onlyWithoutSharedData && sharedData);
        }
    }

    private TestReport() {}

    public static void main(String[] args) throws Exception {
        int build = Integer.parseInt(args[0]);
        int launcher = Integer.parseInt(args[1]);
        List<Expectation> expectations = expectations(Path.of(".ci", "expected-skips.txt"));
        List<Case> cases = cases();
        boolean sharedData = sharedData();

        int failed = 0;
        int skipped = 0;
        List<String> problems = new ArrayList<>();
        for (Case c : cases) {
            if (c.failed) {
                failed++;
                problems.add("failed: " + c.name);
            } else if (c.skip != null) {
                skipped++;
                boolean expected = expectations.stream().anyMatch(e -> e.covers(c, sharedData));
                System.out.println((expected ? "skipped: " : "skipped, not expected: ") + c.name + " -- " + c.skip);
                if (!expected) {
                    problems.add("skipped, but not in .ci/expected-skips.txt: " + c.name);
                }
            }
        }
        int passed = cases.size() - failed - skipped;
        if (passed == 0) {
            problems.add("no test passed");
        }
        if (build != 0) {
            problems.add("the build failed (status " + build + "), see above");
        }
        if (launcher != 0) {
            problems.add("the launcher's test failed, see above");
        }
        problems.forEach(System.out::println);
        System.out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    private static List<Case> cases() throws Exception {
        List<Case> cases = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(Path.of("."), Files::isDirectory)) {
            for (Path module : modules) {
                Path reports = module.resolve("target").resolve("surefire-reports");
                if (Files.isDirectory(reports)) {
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(reports, "TEST-*.xml")) {
                        for (Path file : files) {
                            read(file, cases);
                        }
                    }
                }
            }
        }
        cases.sort((a, b) -> a.name.compareTo(b.name));
        return cases;
    }

    private static void read(Path file, List<Case> cases) throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
        for (Node n = suite.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element test && test.getTagName().equals("testcase")) {
                Element skip = child(test, "skipped");
                boolean failed = child(test, "failure") != null || child(test, "error") != null;
                cases.add(new Case(name(suite, test), skip == null ? null : message(skip), failed));
            }
        }
    }

    /** jqwik reports a class without its package, and a class skipped as a whole has no method. */
    private static String name(Element suite, Element test) {
        String type = test.getAttribute("classname");
        if (!type.contains(".")) {
            type = suite.getAttribute("name");
        }
        String method = test.getAttribute("name");
        return method.isEmpty() || method.equals(type) ? type : type + "#" + method;
    }

    private static String message(Element skip) {
        String text = skip.getAttribute("message");
        if (text.isEmpty()) {
            text = skip.getTextContent().strip().lines().findFirst().orElse("");
        }
        return text.replaceFirst("^org\\.opentest4j\\.TestAbortedException: ", "").replaceFirst("^Assumption failed: ", "");
    }

    private static Element child(Element parent, String tag) {
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element e && e.getTagName().equals(tag)) {
                return e;
            }
        }
        return null;
    }

    private static List<Expectation> expectations(Path file) throws IOException {
        List<Expectation> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String rule = line.replaceFirst("(^|\\s)# ?.*", "").strip();
            if (rule.isEmpty()) {
                continue;
            }
            String[] parts = rule.split("\\s*\\|\\s*");
            String condition = parts.length > 2 ? parts[2] : "";
            if (parts.length > 3 || !(condition.isEmpty() || condition.equals("no shared data"))) {
                throw new IOException(file + ": cannot read this line: " + line);
            }
            all.add(new Expectation(
                    Pattern.compile(glob(parts[0]) + "([\\[({].*)?", Pattern.DOTALL),
                    Pattern.compile(glob(parts.length > 1 ? parts[1] : "*"), Pattern.DOTALL),
                    !condition.isEmpty()));
        }
        return all;
    }

    private static String glob(String text) {
        return Pattern.quote(text).replace("*", "\\E.*\\Q");
    }

    /** The same places in which the tests look. */
    private static boolean sharedData() {
        if (System.getenv("M1_SHARED") != null) {
            return true;
        }
        for (Path p = Path.of("").toAbsolutePath(); p.getParent() != null; p = p.getParent()) {
            if (Files.isDirectory(p.resolveSibling("shared").resolve("data"))) {
                return true;
            }
        }
        return false;
    }
}
