package org.ccrelayer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.management.ManagementFactory;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogManager;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.Callback;
import org.slf4j.LoggerFactory;

/**
 * A JVM in which a relay starts, works and is closed, and nothing else does. Prints what is different afterwards, then {@code
 * DONE}, and ends when nobody holds it. Arguments: the upstream, a directory for the store, and {@code rude} where the
 * differences shall be there.
 */
final class Guest {
    /** Jetty marks each JVM that it runs in with this, and cannot be kept from it. */
    private static final String JETTY_MARK = "property jetty.git.hash";

    /** Threads that were told to end may take so long. */
    private static final long END_MILLIS = 5_000;

    private static final byte[] STREAMING = ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"stream\":true,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}")
            .getBytes(StandardCharsets.UTF_8);

    private Guest() {}

    public static void main(String[] arguments) throws InterruptedException {
        // Standard output is for the differences, so that whatever else is printed is one.
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        Map<String, String> before = surroundings();
        Set<Thread> threads = threads();
        visit(arguments[0], arguments[1], threads);
        if (arguments.length > 2) {
            beRude();
        }
        tellDifferences(before, surroundings());
        tellThreads(threads);
        System.out.println("DONE");
        if (arguments.length > 2) {
            System.exit(0);
        }
    }

    /** A relay with a store in a file answers a stream, an administrator and somebody without a key. */
    private static void visit(String upstream, String directory, Set<Thread> before) {
        RelayConfig config = RelayFixture.config(Map.of(ConfigKey.DATA_DIR, directory));
        try (Relay relay = Relay.start(config)) {
            relay.administration().createAccount(NewAccount.apiKey("one", upstream, Secret.of("sk-ant-guest")));
            String key = relay.administration()
                    .createKey(NewKey.named("guest"))
                    .secret()
                    .reveal();
            Collected stream = new Collected();
            relay.handle(
                    InMemoryRequest.post("/v1/messages")
                            .header("x-api-key", key)
                            .header("anthropic-version", "2023-06-01")
                            .header("content-type", "application/json")
                            .body(STREAMING),
                    stream);
            require(stream.text().contains("message_stop"), "the stream is not whole: " + stream.text());
            Collected stranger = new Collected();
            relay.handle(InMemoryRequest.post("/v1/messages").body(STREAMING), stranger);
            require(stranger.text().contains("authentication_error"), "a stranger was let in");
            Collected login = new Collected();
            String credentials = "{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}";
            relay.handleAdmin(
                    InMemoryRequest.post("/admin/login").body(credentials.getBytes(StandardCharsets.UTF_8)), login);
            require(login.text().contains("\"token\""), "the administrator was not let in");
            newThreads(before).stream()
                    .filter(thread -> !thread.isDaemon())
                    .forEach(thread -> System.out.println("no daemon: " + thread.getName()));
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    @SuppressWarnings("serial")
    private static void beRude() {
        Security.addProvider(new Provider("rude", "1", "for a test") {});
        System.setProperty("rude", "yes");
        Locale.setDefault(Locale.forLanguageTag("tlh"));
        new Thread(
                        () -> {
                            while (true) {
                                LockSupport.park();
                            }
                        },
                        "rude thread")
                .start();
    }

    private static Map<String, String> surroundings() {
        Map<String, String> all = new TreeMap<>();
        System.getProperties().forEach((name, value) -> all.put("property " + name, value.toString()));
        all.put("providers", Arrays.toString(Security.getProviders()));
        all.put("locale", Locale.getDefault().toString());
        all.put("time zone", TimeZone.getDefault().getID());
        all.put("uncaught exceptions", identity(Thread.getDefaultUncaughtExceptionHandler()));
        all.put("proxies", identity(ProxySelector.getDefault()));
        all.put("authenticator", identity(Authenticator.getDefault()));
        all.put("cookies", identity(CookieHandler.getDefault()));
        all.put("out", identity(System.out));
        all.put("err", identity(System.err));
        all.put("in", identity(System.in));
        all.put("class loader", identity(Thread.currentThread().getContextClassLoader()));
        java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
        all.put("java.util.logging", root.getLevel() + " " + List.of(root.getHandlers()));
        Set<String> beans = new TreeSet<>();
        ManagementFactory.getPlatformMBeanServer()
                .queryNames(null, null)
                .forEach(name -> beans.add(name.getCanonicalName()));
        all.put("managed beans", beans.toString());
        return all;
    }

    private static String identity(Object object) {
        return object == null ? "none" : object.getClass().getName() + "@" + System.identityHashCode(object);
    }

    private static void tellDifferences(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.remove(JETTY_MARK);
        for (String name : names) {
            if (!Objects.equals(before.get(name), after.get(name))) {
                System.out.println(name + ": " + before.get(name) + " became " + after.get(name));
            }
        }
    }

    private static void tellThreads(Set<Thread> before) throws InterruptedException {
        for (Thread thread : newThreads(before)) {
            thread.join(END_MILLIS);
            if (thread.isAlive()) {
                System.out.println("stays: " + thread.getName());
            }
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static Set<Thread> newThreads(Set<Thread> before) {
        Set<Thread> added = new HashSet<>(threads());
        added.removeAll(before);
        return added;
    }

    /** Takes everything at once. */
    private static final class Collected implements ClientResponse {
        private final CompletableFuture<String> whole = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private boolean begun;

        String text() {
            Wait.until("the whole answer", whole::isDone);
            return whole.join();
        }

        @Override
        public void head(int status, HttpFields headers) {
            // Nobody asks for it here.
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            begun = true;
            text.append(StandardCharsets.UTF_8.decode(content));
            callback.succeeded();
            if (last) {
                whole.complete(text.toString());
            }
        }

        @Override
        public boolean committed() {
            return begun;
        }

        @Override
        public void abort(Throwable cause) {
            whole.completeExceptionally(cause);
        }
    }
}
