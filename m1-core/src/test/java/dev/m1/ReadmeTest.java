package dev.m1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code a reader sees compiles against the API. */
class ReadmeTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @Test
    void theCodeCompiles(@TempDir Path out) throws Exception {
        Path readme = Path.of("..", "README.md");
        assumeTrue(Files.exists(readme), "README.md is not beside the module");
        Matcher block = JAVA_BLOCK.matcher(Files.readString(readme));
        StringBuilder blocks = new StringBuilder();
        for (int i = 0; block.find(); i++) {
            blocks.append("void block%d() {\n%s}\n".formatted(i, block.group(1)));
        }
        assertThat(blocks.toString()).contains("block1");
        String source = """
            import dev.m1.*;
            import dev.m1.chat.*;
            import dev.m1.sampling.*;
            import dev.m1.thinking.*;
            import dev.m1.tokenizer.*;
            import java.nio.file.Path;
            import java.util.List;
            abstract class FirstScreen {
                Reasoner reasoner;
                ReasoningRequest request;
                ReasoningRequest sampled;
                List<ReasoningRequest> requests;
                abstract String letterOf(String answer);
            %s
            }
            """.formatted(blocks);
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///FirstScreen.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        Path classes = Path.of(LanguageModel.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> options = List.of("-proc:none", "-d", out.toString(), "-cp", classes.toString());
        boolean ok = compiler.getTask(messages, null, null, options, null, List.of(file))
                .call();
        assertThat(ok).as(messages + source).isTrue();
    }
}
