package org.ccrelayer.servlet.war;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarContentIT {
    private static final long MOST_BYTES = 26L << 20;

    @Test
    void it_is_less_than_26_megabytes() throws Exception {
        assertThat(Files.size(WarFile.path())).isLessThan(MOST_BYTES);
    }

    @Test
    void it_holds_the_relay_its_libraries_the_redis_client_and_a_binding_to_the_container_s_log() throws Exception {
        assertThat(WarFile.libraries())
                .containsExactlyInAnyOrder(
                        "relay-servlet",
                        "relay-lib",
                        "jetty-client",
                        "jetty-alpn-client",
                        "jetty-http",
                        "jetty-io",
                        "jetty-util",
                        "jetty-compression-common",
                        "jetty-compression-gzip",
                        "jackson-core",
                        "jjwt-api",
                        "jjwt-impl",
                        "h2-mvstore",
                        "bcprov-jdk18on",
                        "jspecify",
                        "slf4j-api",
                        "slf4j-jdk14",
                        "lettuce-core",
                        "redis-authx-core",
                        "reactor-core",
                        "reactive-streams",
                        "netty-buffer",
                        "netty-codec-base",
                        "netty-codec-dns",
                        "netty-common",
                        "netty-handler",
                        "netty-resolver",
                        "netty-resolver-dns",
                        "netty-transport",
                        "netty-transport-native-unix-common");
    }

    @Test
    void it_holds_nothing_but_libraries_and_descriptors() throws Exception {
        assertThat(WarFile.entries().stream().filter(name -> !name.startsWith("META-INF/")))
                .allMatch(name -> name.startsWith("WEB-INF/lib/") || name.equals("WEB-INF/web.xml"));
        assertThat(WarFile.libraries()).noneMatch(name -> name.contains("bctls") || name.contains("servlet-api"));
    }

    @Test
    void it_brings_the_licences_of_everything_in_it() throws Exception {
        assertThat(WarFile.entries())
                .contains("META-INF/LICENSE", "META-INF/THIRD-PARTY-NOTICES.md", "META-INF/licenses/Apache-2.0.txt");
        String notices = Files.readString(Path.of("..", "THIRD-PARTY-NOTICES.md"));
        List<String> own = List.of("relay-lib", "relay-servlet");
        assertThat(WarFile.libraries().stream().filter(name -> !own.contains(name)))
                .allSatisfy(name -> assertThat(notices).containsPattern(":" + name + "`"));
    }
}
