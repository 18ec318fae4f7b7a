package org.ccrelayer.servlet.war;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Jetty with a webapp, on a class path that has nothing of the relay's. */
final class JettyWebapp implements WarHost {
    private static final Pattern STARTED = Pattern.compile(JettyHost.LISTENS + "(\\d+)");
    private static final Pattern NEEDED = Pattern.compile(
            "relay-servlet/target/test-classes|org/eclipse/jetty/|jakarta/|org/ow2/asm/|org/slf4j/slf4j-api|ch/qos/logback/");

    private final String environment;
    private final Pattern others;

    /** Of that environment, {@code ee10} or {@code ee11}. */
    JettyWebapp(String environment) {
        this.environment = environment;
        this.others = Pattern.compile(
                environment.equals("ee10") ? "jetty/ee11/|servlet-api-6\\.1" : "jetty/ee10/|servlet-api-6\\.0");
    }

    @Override
    public HostedWar start(Path folder, Configured way, Map<String, String> settings) throws IOException {
        Path base = Files.createTempDirectory(folder, "jetty");
        List<String> command = new ArrayList<>(List.of(
                HostProcess.java(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                HostProcess.LOGS_CLASSES,
                "-Djava.io.tmpdir=" + base,
                "-cp",
                classPath()));
        if (way == Configured.SYSTEM_PROPERTIES) {
            settings.forEach((id, value) -> command.add("-Drelay." + id + "=" + value));
        }
        command.addAll(
                List.of(JettyHost.class.getName(), environment, WarFile.path().toString()));
        switch (way) {
            case CONTEXT_PARAMETERS -> command.add(context(base, settings, JettyWebapp::parameter));
            case JNDI -> command.add(context(base, settings, JettyWebapp::entry));
            default -> {}
        }
        Map<String, String> variables =
                way == Configured.ENVIRONMENT ? Configured.variables(settings) : new HashMap<>();
        HostProcess host = HostProcess.run(base, variables, command);
        MatchResult started = host.await(STARTED);
        return new HostedWar(host, Integer.parseInt(started.group(1)));
    }

    private String classPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .filter(part -> NEEDED.matcher(part).find())
                .filter(part -> !others.matcher(part).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String context(Path base, Map<String, String> settings, BiFunction<String, String, String> element)
            throws IOException {
        Path file = base.resolve("relay.xml");
        Files.writeString(
                file,
                "<!DOCTYPE Configure PUBLIC \"-//Jetty//Configure//EN\" \"https://jetty.org/configure_10_0.dtd\">\n"
                        + "<Configure id=\"webapp\" class=\"org.eclipse.jetty." + environment
                        + ".webapp.WebAppContext\">\n"
                        + Configured.lines(settings, element) + "\n</Configure>\n");
        return file.toUri().toString();
    }

    private static String parameter(String id, String value) {
        return "<Call name=\"setInitParameter\"><Arg>relay." + id + "</Arg><Arg>" + value + "</Arg></Call>";
    }

    private static String entry(String id, String value) {
        return "<New class=\"org.eclipse.jetty.plus.jndi.EnvEntry\"><Arg><Ref refid=\"webapp\"/></Arg><Arg>relay/" + id
                + "</Arg><Arg>" + value + "</Arg><Arg type=\"boolean\">true</Arg></New>";
    }

    @Override
    public String complaints(String logs) {
        return logs.lines()
                .filter(line -> line.contains("WARN") || line.contains("ERROR") || line.contains("Exception"))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public long cutsAnswersAfterMillis() {
        return 500;
    }
}
