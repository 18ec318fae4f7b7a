package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link AdapterContract} over a store behind a network: no thread that others need waits for it. */
public abstract class WatchedStoreContract extends AdapterContract {
    private static final int CLIENTS = 10;

    /** On one connection, which Tomcat ends after a hundred. */
    private static final int TIMES = 40;

    private final List<WatchedStore> stores = new ArrayList<>();

    @Override
    protected final RelayFixture fixture(Map<ConfigKey, String> settings, SimulatedClaude... upstreams) {
        WatchedStore store = new WatchedStore(EmbeddedStore.inMemory(StoreTime.utc(InstantSource.system())));
        stores.add(store);
        return RelayFixture.over(settings, store, upstreams);
    }

    @Override
    protected int streams() {
        return 100;
    }

    @AfterEach
    void only_threads_that_may_waited() {
        assertThat(stores)
                .isNotEmpty()
                .allSatisfy(store -> assertThat(store.misplaced()).isEmpty());
    }

    @Test
    void an_exchange_that_fails_over_asks_for_everything_in_threads_that_may_wait() throws Exception {
        try (SimulatedClaude broken = SimulatedClaude.start();
                SimulatedClaude cut = SimulatedClaude.start();
                SimulatedClaude well = SimulatedClaude.start();
                RelayFixture several = fixture(Map.of(), broken, cut, well)) {
            broken.always(Script.error(529));
            cut.always(Script.answer().errorEventAfter(0, "overloaded_error"));
            Served other = serve(several.relay());
            try (RawClient client = new RawClient(other.port())) {
                for (byte[] body : List.of(STREAMING, PLAIN, STREAMING, PLAIN)) {
                    RawClient.Answer answer =
                            client.post("/v1/messages", several.key(), body).readAnswer();
                    assertThat(answer.head().status()).isEqualTo(200);
                }
                assertThat(several.listener().await(4).outcome()).isEqualTo(Outcome.COMPLETED);
            } finally {
                other.close().close();
            }
        }
        assertThat(stores.get(stores.size() - 1).calls())
                .contains("ApiKeyStore.findByHash", "LimitStore.claim", "UsageStore.open", "UsageStore.settle");
    }

    /**
     * The relay asks for a body in a thread of its own while the container's may already tell that the answer can be written: neither
     * may keep what the other waits for.
     */
    @Test
    void bodies_are_asked_for_while_the_container_tells_of_the_answer() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        // With the usual time for a body, which a busy machine keeps.
        try (SimulatedClaude upstream = SimulatedClaude.start();
                RelayFixture relay = fixture(Map.of(), upstream)) {
            Served served = serve(relay.relay());
            try {
                List<Future<Void>> sent = Stream.generate(
                                () -> clients.submit(() -> askOften(served.port(), relay.key())))
                        .limit(CLIENTS)
                        .toList();
                for (Future<Void> each : sent) {
                    each.get(60, TimeUnit.SECONDS);
                }
            } finally {
                served.close().close();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static Void askOften(int port, String key) throws IOException {
        try (RawClient client = new RawClient(port)) {
            for (int number = 0; number < TIMES; number++) {
                if (number % 2 == 0) {
                    client.post("/v1/messages", key, PLAIN);
                } else {
                    client.head(
                            "POST /v1/messages",
                            "x-api-key: " + key,
                            "anthropic-version: 2023-06-01",
                            "transfer-encoding: chunked");
                    client.send(RawUpstream.bytes(Integer.toHexString(PLAIN.length) + "\r\n"));
                    client.send(PLAIN).send(RawUpstream.bytes("\r\n0\r\n\r\n"));
                }
                assertThat(client.readAnswer().head().status()).isEqualTo(200);
            }
        }
        return null;
    }

    /** Where nobody watches the threads the others prove nothing. */
    @Test
    void a_call_from_a_thread_that_must_not_wait_is_seen() throws Exception {
        WatchedStore store = stores.get(0);
        Thread misplaced = new Thread(() -> store.accounts().list(), "selector");
        misplaced.start();
        misplaced.join();
        assertThat(store.misplaced()).containsExactly("AccountStore.list in selector");
        stores.clear();
        stores.add(new WatchedStore(store));
    }
}
