package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ccrelayer.testkit.RelayFixture;
import org.junit.jupiter.api.Test;

/** Starts relays with class paths on which other versions of Jetty stand, as frameworks put them there. */
class OlderJettyTest {
    private static final Path OLDER = Path.of("target/older-jetty");
    private static final Set<String> ALL =
            Set.of("jetty-util", "jetty-http", "jetty-io", "jetty-client", "jetty-alpn-client");

    /** Starts a relay and tells why it did not; runs with the classes of the loader that it comes from. */
    public static final class Start implements Supplier<String> {
        @Override
        public String get() {
            RelayConfig config = RelayConfig.builder()
                    .set(ConfigKey.ENCRYPTION_KEY, RelayFixture.ENCRYPTION_KEY)
                    .build();
            try (Relay relay = Relay.builder(config).inMemory().start()) {
                return "started, " + relay.exchangesInFlight() + " in flight";
            } catch (IllegalStateException e) {
                return e.getMessage();
            }
        }
    }

    @Test
    void an_older_jetty_is_named_with_the_property_that_replaces_it() throws Exception {
        assertThat(startWith(ALL))
                .contains("jetty-util 12.0.36, jetty-http 12.0.36, jetty-io 12.0.36, jetty-client 12.0.36")
                .contains("needs 12.1.12 or later")
                .contains("With Spring Boot set the property jetty.version to 12.1.12");
    }

    @Test
    void the_one_jar_that_differs_is_named_alone() throws Exception {
        for (String id : Set.of("jetty-util", "jetty-http", "jetty-io", "jetty-client")) {
            assertThat(startWith(Set.of(id))).contains("class path: " + id + " 12.0.36;");
        }
    }

    @Test
    void the_jetty_that_the_relay_comes_with_passes() throws Exception {
        assertThat(startWith(Set.of())).isEqualTo("started, 0 in flight");
    }

    @Test
    void a_jar_that_is_missing_is_named() throws Exception {
        try (URLClassLoader loader = loader(jar -> !jar.getName().startsWith("jetty-client-"), Stream.empty())) {
            assertThat(start(loader)).contains("class path: jetty-client is missing;");
        }
    }

    private static String startWith(Set<String> older) throws Exception {
        Predicate<File> kept =
                jar -> older.stream().noneMatch(id -> jar.getName().startsWith(id + "-12"));
        Stream<File> added = older.stream()
                .map(id -> OLDER.resolve(id + "-12.0.36.jar").toFile())
                .peek(jar -> assertThat(jar).exists());
        try (URLClassLoader loader = loader(kept, added)) {
            return start(loader);
        }
    }

    private static URLClassLoader loader(Predicate<File> kept, Stream<File> added) {
        Stream<File> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .map(File::new)
                .filter(kept);
        URL[] urls = Stream.concat(added, classPath).map(OlderJettyTest::url).toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String start(ClassLoader loader) throws ReflectiveOperationException {
        Supplier<?> starter = (Supplier<?>)
                loader.loadClass(Start.class.getName()).getDeclaredConstructor().newInstance();
        return (String) starter.get();
    }
}
