package org.ccrelayer.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Assertions are read anew each time, and nothing else is ever taken for one. */
class AssertionReaderTest {
    private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZWxheSJ9.c2lnbmF0dXJl-_";

    @TempDir
    Path directory;

    private final AssertionReader reader =
            new AssertionReader(Map.of("ASSERTION", " " + JWT + "\n", "ENCRYPTION_KEY", "canary")::get);

    private Secret file(String content) throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, content);
        return reader.read(new Assertion(Place.FILE, file.toString()));
    }

    @Test
    void anAssertionIsReadFromAFileEachTime() throws Exception {
        assertThat(file("\n" + JWT + " \r\n")).isEqualTo(Secret.of(JWT));
        assertThat(file(JWT + "2")).isEqualTo(Secret.of(JWT + "2"));
    }

    @Test
    void aLinkIsFollowedAsPlatformsMountThem() throws Exception {
        file(JWT);
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("token"));
        assertThat(reader.read(new Assertion(Place.FILE, link.toString()))).isEqualTo(Secret.of(JWT));
    }

    @Test
    void anAssertionIsReadFromTheEnvironment() throws Exception {
        assertThat(reader.read(new Assertion(Place.ENVIRONMENT, "ASSERTION"))).isEqualTo(Secret.of(JWT));
        assertThatThrownBy(() -> reader.read(new Assertion(Place.ENVIRONMENT, "NOTHING")))
                .hasMessage("the assertion variable is not set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "canary", "root:canary:0:0", "canary.canary", "a.b.c\nd.e.f", "canary.b.c.d", "ä.b.c"})
    void nothingElseIsHandedOutOrRepeated(String content) {
        assertThatThrownBy(() -> file(content))
                .hasMessage("the assertion file holds no signed JWT of at most 16 KiB")
                .hasMessageNotContaining("canary");
        assertThatThrownBy(() -> reader.read(new Assertion(Place.ENVIRONMENT, "ENCRYPTION_KEY")))
                .hasMessage("the assertion variable holds no signed JWT of at most 16 KiB");
    }

    @Test
    void anAssertionHas16KiBAtMost() throws Exception {
        String longest = "a.b." + "c".repeat(16 * 1024 - 4);
        assertThat(file(longest)).isEqualTo(Secret.of(longest));
        assertThatThrownBy(() -> file(longest + "c")).hasMessageContaining("16 KiB");
        assertThatThrownBy(() -> file("a.b." + "c".repeat(10_000_000))).hasMessageContaining("16 KiB");
    }

    @Test
    void whatIsNoRegularFileIsNotRead() throws IOException {
        for (String name : new String[] {
            directory.toString(), "/dev/zero", directory.resolve("none").toString()
        }) {
            assertThatThrownBy(() -> reader.read(new Assertion(Place.FILE, name)))
                    .hasMessage("the assertion file is not there, or is no regular file");
        }
    }
}
