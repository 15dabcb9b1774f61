package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.LanguageModel;
import dev.m1.ModelInfo;
import dev.m1.spi.Availability;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.ModelSpec;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m1 info}: this machine, or a model on it. */
@Command(name = "info", description = "Describe a model and what it runs on, or without --model this machine.")
final class InfoCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = false)
    private ModelArguments model; // null without --model

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    InfoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ObjectNode object = Json.object();
        if (model == null) {
            machine(object);
        } else {
            try (LanguageModel opened = model.open(spec)) {
                model(object, opened);
            }
        }
        console.result(json ? Json.line(object) : Outline.of(object));
        return CommandLineInterface.DONE;
    }

    private static void machine(ObjectNode object) {
        object.put("m1", Version.current());
        object.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        object.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        object.put("processors", Runtime.getRuntime().availableProcessors());
        object.put("heapBytes", Runtime.getRuntime().maxMemory());
        ObjectNode backends = object.putObject("backends");
        for (DecoderProvider provider : ServiceLoader.load(DecoderProvider.class)) {
            Availability availability = provider.probe();
            backends.putObject(provider.name())
                    .put("available", availability.available())
                    .put("detail", availability.detail());
        }
    }

    private void model(ObjectNode object, LanguageModel opened) {
        ModelInfo info = opened.info();
        ModelSpec spec = info.spec();
        MemoryPlan memory = info.memory();
        object.put("model", model.directory().toString());
        object.put("architecture", spec.architecture());
        object.put("parameters", spec.parameters());
        object.putObject("shape")
                .put("layers", spec.layers())
                .put("hiddenSize", spec.hiddenSize())
                .put("intermediateSize", spec.intermediateSize())
                .put("heads", spec.heads())
                .put("kvHeads", spec.kvHeads())
                .put("headDim", spec.headDim())
                .put("vocabSize", spec.vocabSize())
                .put("tiedEmbeddings", spec.tiedEmbeddings())
                .put("contextLength", spec.contextLength());
        ArrayNode eos = object.putArray("eosIds");
        for (int id : opened.eosIds()) {
            eos.add(id);
        }
        object.put("protocol", info.protocol());
        object.put("protocolReason", info.protocolReason());
        object.put("backend", info.backend());
        object.put("backendDetail", info.backendDetail());
        object.put("backendReason", info.backendReason());
        object.put("contextTokens", info.contextTokens());
        object.put("maxSequences", info.maxSequences());
        object.putObject("memory")
                .put("weightBytes", memory.weightBytes())
                .put("kvBytes", memory.kvBytes())
                .put("scratchBytes", memory.scratchBytes())
                .put("totalBytes", memory.totalBytes());
    }
}
