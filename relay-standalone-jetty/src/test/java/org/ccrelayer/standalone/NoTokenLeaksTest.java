package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.TokenPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** No token and no client's password is ever seen: in the log, in an answer, in the administration, in a file. */
@Timeout(120)
class NoTokenLeaksTest {
    private static final String BASIC =
            Base64.getEncoder().encodeToString("client:pw-canary".getBytes(StandardCharsets.UTF_8));

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final StringBuilder seen = new StringBuilder();
    private SimulatedClaude upstream;
    private TokenPeer peer;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws Exception {
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
        Logging.level("debug");
        upstream = SimulatedClaude.start();
        peer = TokenPeer.start();
    }

    @AfterEach
    void stop() {
        peer.close();
        upstream.close();
        root.detachAppender(appender);
        appender.stop();
        Logging.level("info");
    }

    private void ask(StandaloneRelay relay, int status) throws Exception {
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(status);
        seen.append(answer.text()).append(answer.head());
    }

    private void refresh(StandaloneRelay relay, Account account) {
        try {
            relay.relay().administration().refreshToken(account.id());
        } catch (RuntimeException e) {
            seen.append(e);
        }
        seen.append(relay.relay().administration().tokenStatus(account.id()));
        seen.append(relay.relay().administration().accountStatus(account.id()));
        seen.append(relay.relay().administration().accounts());
    }

    private void liveThroughEverything(StandaloneRelay relay) throws Exception {
        Account account = relay.account(
                upstream.uri(),
                new OAuthCredential(peer.uri(), "client", Secret.of("pw-canary"), Secret.of(TokenPeer.FIRST), null));
        peer.enqueue(TokenPeer.echoes(400));
        refresh(relay, account);
        peer.enqueue(TokenPeer.echoes(200));
        refresh(relay, account);
        peer.enqueue(TokenPeer.losesTheAnswer());
        refresh(relay, account);
        refresh(relay, account);
        relay.relay()
                .administration()
                .changeAccount(
                        account.id(),
                        AccountChange.ofCredential(old -> new OAuthCredential(
                                peer.uri(), "client", Secret.of("pw-canary"), Secret.of("refresh-canary-1"), null)));
        ask(relay, 200);
        upstream.enqueue(Script.raw(
                500,
                "application/json",
                "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"access-canary-2 and pw-canary\"}}"
                        .getBytes(StandardCharsets.UTF_8)));
        ask(relay, 500);
        upstream.enqueue(Script.error(401));
        ask(relay, 200);
        refresh(relay, account);
    }

    private List<String> lines() {
        return List.copyOf(appender.list).stream()
                .map(event -> event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .toList();
    }

    @Test
    void nothingIsSeenAnywhere() throws Exception {
        try (StandaloneRelay relay = StandaloneRelay.on(directory)) {
            liveThroughEverything(relay);
        }
        assertThat(seen.toString()).contains("[redacted] and [redacted]");
        assertThat(seen.toString()).doesNotContain("canary").doesNotContain(BASIC);
        assertThat(lines()).anyMatch(line -> line.startsWith("WARN org.ccrelayer.internal.credential."));
        assertThat(lines()).noneMatch(line -> line.contains("canary") || line.contains(BASIC));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .doesNotContain("canary")
                        .doesNotContain(BASIC);
            }
        }
    }
}
