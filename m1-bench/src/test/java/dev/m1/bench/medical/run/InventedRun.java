package dev.m1.bench.medical.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.JsonLines;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import dev.m1.thinking.ThinkingProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * A run that no model made: questions, thinking and answers are invented, so that reports can be tested and looked at
 * with something that resembles a real run. The same seed gives the same run.
 */
public final class InventedRun {
    private static final List<String> SUBJECTS = List.of(
            "aspirin", "metformin", "lisinopril", "warfarin", "amoxicillin", "prednisone", "furosemide", "digoxin");
    private static final List<String> SIGNS = List.of(
            "chest pain", "a dry cough", "night sweats", "blurred vision", "swollen ankles", "joint stiffness");

    private final Random random;
    private final List<Integer> budgets;
    private final List<Integer> waits;
    private final double skill;

    private InventedRun(long seed, List<Integer> budgets, List<Integer> waits, double skill) {
        this.random = new Random(seed);
        this.budgets = budgets;
        this.waits = waits;
        this.skill = skill;
    }

    /**
     * Writes a run's folder.
     *
     * @param sources names and numbers of questions
     * @param skill added to the chance of a right answer
     */
    public static void write(
            Path directory,
            String model,
            Map<String, Integer> sources,
            List<Integer> budgets,
            List<Integer> waits,
            double skill,
            long seed)
            throws IOException {
        InventedRun run = new InventedRun(seed, budgets, waits, skill);
        ObjectNode session = JsonLines.MAPPER.createObjectNode();
        session.putObject(RunFile.SESSION)
                .put("started", "2026-01-02T03:04:05Z")
                .put("m1", "0.0")
                .put("java", "none")
                .put("system", "none")
                .put("processors", 1)
                .put("backendDetail", "invented")
                .put("concurrency", 1);
        RunFile.open(directory, run.settings(model, sources)).close();
        StringBuilder lines = new StringBuilder(RunFile.text(session));
        for (Map.Entry<String, Integer> source : sources.entrySet()) {
            for (int i = 0; i < source.getValue(); i++) {
                lines.append(RunFile.text(ResultCodec.write(run.result(item(source.getKey(), i)))));
            }
        }
        // At once: what a run does question by question, waiting for the disk each time, would take minutes.
        Files.writeString(directory.resolve(RunFile.NAME), lines, StandardOpenOption.APPEND);
    }

    /** Appends one more question, with an outcome for each budget. */
    public static void append(Path directory, MedicalItem item, Map<Integer, CellOutcome> byBudget) throws IOException {
        StoredRun stored = StoredRun.read(directory);
        try (RunFile file = RunFile.open(directory, (ObjectNode) stored.settings())) {
            Map<Cell, CellOutcome> cells = new LinkedHashMap<>();
            stored.grid().waits().forEach(w -> byBudget.forEach((b, outcome) -> cells.put(new Cell(b, w), outcome)));
            file.append(ResultCodec.write(new QuestionResult(item, cells, 1, 1, 1, 0, null)));
        }
    }

    private ObjectNode settings(String model, Map<String, Integer> sources) {
        ObjectNode settings = JsonLines.MAPPER.createObjectNode().put("format", 1);
        settings.putObject("model")
                .put("name", model)
                .put("sha256", Fingerprint.ofText(model))
                .put("architecture", "InventedForCausalLM")
                .put("parameters", 7_615_616_512L)
                .putObject("files")
                .put("model.safetensors", Fingerprint.ofText("weights"));
        settings.putObject("data")
                .put("name", "invented.json")
                .put("sha256", Fingerprint.ofText("data"))
                .put("read", 1000)
                .put("kept", 998)
                .putObject("problems")
                .put("NO_ANSWER", 2)
                .put("DUPLICATE", 3);
        ObjectNode questions = settings.putObject("questions");
        questions.putArray("sources");
        questions.putNull("limit").putNull("shuffleSeed");
        ObjectNode asked = questions.putObject("asked");
        sources.forEach(asked::put);
        settings.putObject("prompt").putNull("prefix").put("suffix", "Answer in a box.").putNull("system");
        settings.set("protocol", ProtocolText.of(ThinkingProtocol.M1));
        ObjectNode decoding = settings.putObject("decoding").put("sampling", "greedy");
        decoding.put("maxAnswerTokens", 1024).put("waitText", "Wait");
        ArrayNode b = decoding.putArray("budgets");
        budgets.forEach(b::add);
        ArrayNode w = decoding.putArray("waits");
        waits.forEach(w::add);
        settings.putObject("engine").put("backend", "cpu").put("contextTokens", 8192);
        return settings;
    }

    /** Item {@code i} of MedBullets_op4 has the stem of item {@code i} of MedBullets_op5, as in the real sets. */
    private static MedicalItem item(String source, int index) {
        Random fixed = new Random(index * 31L + (source.startsWith("MedBullets") ? 7 : source.hashCode()));
        String drug = SUBJECTS.get(fixed.nextInt(SUBJECTS.size()));
        String sign = SIGNS.get(fixed.nextInt(SIGNS.size()));
        int age = 20 + fixed.nextInt(60);
        StringBuilder stem = new StringBuilder("Case " + index + ". A " + age + "-year-old person who takes " + drug
                + " comes with " + sign + ".");
        for (int i = fixed.nextInt(12); i > 0; i--) {
            stem.append(" The history adds ").append(SIGNS.get(fixed.nextInt(SIGNS.size()))).append(" for ")
                    .append(1 + fixed.nextInt(9)).append(" days.");
        }
        stem.append(" What is the best next step?");
        Map<String, String> options = new LinkedHashMap<>();
        List<String> texts = List.of("Stop " + drug, "Measure troponin", "Order a chest film", "Reassure", "Admit");
        int count = source.endsWith("op5") ? 5 : 4;
        for (int i = 0; i < count; i++) {
            options.put(String.valueOf((char) ('A' + i)), texts.get(i));
        }
        String right = String.valueOf((char) ('A' + fixed.nextInt(4)));
        return new MedicalItem(source, index, stem.toString(), options, right, options.get(right));
    }

    private QuestionResult result(MedicalItem item) {
        double ease = random.nextDouble();
        int natural = (int) Math.min(7400, Math.exp(6.8 + 0.6 * random.nextGaussian()));
        String whole = thinking(item, natural);
        List<String> added = new ArrayList<>(List.of(""));
        for (int w = 1; w <= waits.getLast(); w++) {
            added.add(added.getLast() + " Wait" + thinking(item, 60 + random.nextInt(200)));
        }
        Map<Cell, CellOutcome> cells = new LinkedHashMap<>();
        for (int w : waits) {
            for (int budget : budgets) {
                cells.put(new Cell(budget, w), outcome(item, ease, natural, whole, added, budget, w));
            }
        }
        return new QuestionResult(item, cells, 200, 3L * natural, 10L * natural, 1.5, null);
    }

    private CellOutcome outcome(
            MedicalItem item, double ease, int natural, String whole, List<String> added, int budget, int waits) {
        boolean cut = natural > budget;
        String text = cut ? whole.substring(0, Math.min(whole.length(), 4 * budget)) : whole + added.get(waits);
        int tokens = cut ? budget : Math.min(budget, text.length() / 4);
        double need = 0.35 + skill + 0.06 * Math.log(1 + Math.min(budget, natural) / 64.0) - (cut ? 0 : 0.02 * waits);
        boolean right = ease + 0.06 * random.nextGaussian() < need;
        String letter = right ? item.answerIdx() : other(item);
        String answer = switch (random.nextInt(cut ? 3 : 8)) {
            case 0 -> " The answer is " + item.options().get(letter) + ".";
            case 1 -> " " + letter + ". " + item.options().get(letter);
            default -> "\nGiven all this, \\boxed{" + letter + "}";
        };
        return new CellOutcome(
                text,
                cut ? ThinkingEnd.BUDGET : ThinkingEnd.NATURAL,
                cut ? 0 : waits,
                tokens,
                3,
                cut ? "<|im_start|>answer\nFinal Answer:" : "<|im_start|>answer",
                answer,
                FinishReason.STOP,
                12);
    }

    private static String other(MedicalItem item) {
        return item.options().keySet().stream()
                .filter(letter -> !letter.equals(item.answerIdx()))
                .findFirst()
                .orElseThrow();
    }

    private String thinking(MedicalItem item, int tokens) {
        List<String> texts = List.copyOf(item.options().values());
        StringBuilder text = new StringBuilder("\nLet me think about " + SIGNS.get(random.nextInt(SIGNS.size())) + ".");
        while (text.length() < 4 * tokens) {
            String option = texts.get(random.nextInt(texts.size()));
            text.append(switch (random.nextInt(4)) {
                case 0 -> " One could say “" + option.toLowerCase(Locale.ROOT) + "”, but the time course argues"
                        + " against it.";
                case 1 -> " With " + SIGNS.get(random.nextInt(SIGNS.size())) + ", " + option + " seems reasonable.\n";
                case 2 -> " Then again the age does not fit.";
                default -> " So " + option + " remains possible.";
            });
        }
        return text.substring(0, 4 * tokens);
    }
}
