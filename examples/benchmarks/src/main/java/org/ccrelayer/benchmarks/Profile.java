package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Where a JVM's time goes while it is under load, told by samples that its own flight recorder takes. */
final class Profile {
    private static final String NAME = "benchmark";
    private static final long ANSWER_SECONDS = 60;
    private static final Set<String> SAMPLES = Set.of("jdk.ExecutionSample", "jdk.NativeMethodSample");

    /** Native methods in which a thread waits and takes no CPU time. */
    private static final Set<String> WAITING = Set.of(
            "sun.nio.ch.EPoll.wait",
            "sun.nio.ch.FileDispatcherImpl.force0",
            "sun.nio.ch.Net.accept",
            "sun.nio.ch.Net.poll");

    /** What the time is put down to: whose frame is uppermost, platform classes and common parts aside. */
    private static final Map<String, String> OWNERS = owners();

    private final long pid;

    Profile(long pid) {
        this.pid = pid;
    }

    private static Map<String, String> owners() {
        Map<String, String> owners = new LinkedHashMap<>();
        owners.put("sun.nio.ch.", "sockets and selectors");
        owners.put("org.ccrelayer.internal.", "relay, ");
        owners.put("org.ccrelayer.", "relay, rest");
        owners.put("ch.qos.logback.", "request log");
        owners.put("org.h2.mvstore.", "store file");
        owners.put("com.fasterxml.jackson.", "JSON");
        owners.put("org.eclipse.jetty.client.", "Jetty client");
        owners.put("org.eclipse.jetty.server.", "Jetty server");
        owners.put("org.eclipse.jetty.proxy.", "Jetty proxy handler");
        owners.put("org.eclipse.jetty.http.", "Jetty parser and generator");
        owners.put("org.eclipse.jetty.", "Jetty threads, buffers, timers");
        return owners;
    }

    /** Work to be looked at. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Runs that work and tells where the time went, as lines of Markdown. */
    List<String> during(Work work, Path recording) throws Exception {
        jcmd("JFR.start", "name=" + NAME, "settings=profile");
        try {
            work.run();
            jcmd("JFR.dump", "name=" + NAME, "filename=" + recording);
        } finally {
            jcmd("JFR.stop", "name=" + NAME);
        }
        Map<String, Integer> owners = new LinkedHashMap<>();
        Map<String, Integer> methods = new LinkedHashMap<>();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                count(file.readEvent(), owners, methods);
            }
        }
        List<String> lines = new ArrayList<>();
        table("part", owners, lines);
        table("method", methods, lines);
        return lines;
    }

    private void jcmd(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(pid));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("the flight recorder did not take: " + String.join(" ", words));
        }
    }

    private static void count(RecordedEvent event, Map<String, Integer> owners, Map<String, Integer> methods) {
        if (!SAMPLES.contains(event.getEventType().getName()) || event.getStackTrace() == null) {
            return;
        }
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        if (frames.isEmpty() || waits(frames)) {
            return;
        }
        methods.merge(name(frames.get(0)), 1, Integer::sum);
        owners.merge(owner(frames), 1, Integer::sum);
    }

    private static boolean waits(List<RecordedFrame> frames) {
        return WAITING.contains(name(frames.get(0)))
                || frames.stream()
                        .anyMatch(frame -> frame.getMethod().getType().getName().equals(ParentLine.class.getName()));
    }

    private static String owner(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            String owner = owner(frame.getMethod().getType().getName());
            if (owner != null) {
                return owner;
            }
        }
        return "platform";
    }

    private static @Nullable String owner(String type) {
        for (Map.Entry<String, String> owner : OWNERS.entrySet()) {
            String prefix = owner.getKey();
            if (type.startsWith(prefix)) {
                String rest = type.substring(prefix.length());
                return owner.getValue().endsWith(", ")
                        ? owner.getValue() + rest.substring(0, rest.indexOf('.'))
                        : owner.getValue();
            }
        }
        return null;
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static void table(String title, Map<String, Integer> counted, List<String> lines) {
        int all = counted.values().stream().mapToInt(Integer::intValue).sum();
        lines.add("");
        lines.add("| " + title + " | of " + all + " samples |");
        lines.add("|---|---|");
        counted.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(15)
                .forEach(entry -> lines.add(String.format(
                        Locale.ROOT, "| %s | %.1f %% |", entry.getKey(), 100.0 * entry.getValue() / all)));
    }
}
