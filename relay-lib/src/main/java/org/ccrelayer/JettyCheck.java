package org.ccrelayer;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the Jetty on the class path is recent enough, before anything of it is used. Frameworks that manage versions put
 * older ones there, with which the relay would fail later and without a hint. Stateless.
 */
final class JettyCheck {
    private static final Logger LOG = LoggerFactory.getLogger(JettyCheck.class);
    private static final String LEAST = "12.1.12";
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

    /** What the relay uses, each with a class that older versions have as well. */
    private static final List<Artifact> USED = List.of(
            new Artifact("jetty-util", "org.eclipse.jetty.util.Callback"),
            new Artifact("jetty-http", "org.eclipse.jetty.http.HttpFields"),
            new Artifact("jetty-io", "org.eclipse.jetty.io.EndPoint"),
            new Artifact("jetty-client", "org.eclipse.jetty.client.HttpClient"));

    private JettyCheck() {}

    /** A jar of Jetty and a class in it. */
    private record Artifact(String id, String className) {}

    /**
     * Passes where all that is used is recent enough, as far as it tells its version.
     *
     * @throws IllegalStateException where something is not; it names what, and the remedy
     */
    static void passOrThrow() {
        ClassLoader loader = requireNonNull(JettyCheck.class.getClassLoader());
        List<String> wrong = new ArrayList<>();
        for (Artifact artifact : USED) {
            problem(artifact, loader).ifPresent(wrong::add);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(
                    "the relay cannot run with the Jetty on the class path: " + String.join(", ", wrong)
                            + "; it needs " + LEAST + " or later. With Spring Boot set the property jetty.version to "
                            + LEAST + "; otherwise import org.eclipse.jetty:jetty-bom:" + LEAST);
        }
    }

    private static Optional<String> problem(Artifact artifact, ClassLoader loader) {
        try {
            Class<?> sample = Class.forName(artifact.className(), false, loader);
            String version = version(artifact, sample);
            return version == null || recent(version) ? Optional.empty() : Optional.of(artifact.id() + " " + version);
        } catch (ClassNotFoundException e) {
            return Optional.of(artifact.id() + " is missing");
        }
    }

    private static boolean recent(String version) {
        return Arrays.compare(numbers(version), numbers(LEAST)) >= 0;
    }

    /** Its three numbers; without them it is taken for a newer one that counts in another way. */
    private static int[] numbers(String version) {
        Matcher matcher = VERSION.matcher(version);
        return matcher.matches()
                ? new int[] {
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3))
                }
                : new int[] {Integer.MAX_VALUE};
    }

    /** By what Maven leaves in the jar, which survives shading as a manifest does not; null where there is nothing. */
    private static @Nullable String version(Artifact artifact, Class<?> sample) {
        String file = '/' + sample.getName().replace('.', '/') + ".class";
        URL found = sample.getResource(file);
        if (found == null) {
            return null;
        }
        String place = found.toExternalForm();
        String jar = place.substring(0, place.length() - file.length());
        Properties properties = new Properties();
        try {
            URLConnection connection = new URL(
                            jar + "/META-INF/maven/org.eclipse.jetty/" + artifact.id() + "/pom.properties")
                    .openConnection();
            // A cached jar file would stay open for as long as the JVM runs, beyond an undeploy.
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                properties.load(in);
            }
        } catch (IOException e) {
            LOG.debug("{} does not tell its version", artifact.id(), e);
            return null;
        }
        return properties.getProperty("version");
    }
}
