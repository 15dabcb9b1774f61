package dev.m1.bench.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small questions to other programs. */
public final class Commands {
    private Commands() {}

    /** The first line a program prints, or nothing if it is not there or fails. */
    static String firstLine(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder == null ? null : folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? out.lines().findFirst().orElse("").strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /**
     * The commit checked out at a place, {@code -dirty} if tracked files differ from it; {@code unknown} without git.
     */
    public static String commit(Path place) {
        Path folder = place == null ? null : place.toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent(); // results may be put where nothing is yet
        }
        String commit = firstLine(folder, "git", "rev-parse", "--short=9", "HEAD");
        if (commit.isEmpty()) {
            return "unknown";
        }
        String changes = firstLine(folder, "git", "status", "--porcelain", "--untracked-files=no");
        return changes.isEmpty() ? commit : commit + "-dirty";
    }
}
