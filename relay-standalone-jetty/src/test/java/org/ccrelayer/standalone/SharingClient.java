package org.ccrelayer.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;

/**
 * Asks any of several relays with one relay key, one request at a time. Each request is for a model of its own, by which its rows are
 * found. Used by one thread at a time.
 */
final class SharingClient {
    /** No answer came, or none to its end. */
    static final int BROKEN = 0;

    private final IssuedKey key;
    private final String name;
    private final Random random;
    private final List<Asked> asked = new ArrayList<>();

    /** Whom one may ask, and what came of it; shared by all clients. */
    static final class Relays {
        private final List<RelayProcess> alive;
        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();
        private volatile boolean enough;

        Relays(List<RelayProcess> relays) {
            this.alive = new ArrayList<>(relays);
        }

        /** Ends one with SIGKILL; nobody asks it any more. */
        void kill(int number) throws InterruptedException {
            RelayProcess killed;
            synchronized (alive) {
                killed = alive.remove(number);
            }
            killed.kill();
        }

        private RelayProcess any(Random random) {
            synchronized (alive) {
                return alive.get(random.nextInt(alive.size()));
            }
        }

        private boolean isAlive(RelayProcess relay) {
            synchronized (alive) {
                return alive.contains(relay);
            }
        }

        /** How many whole answers came so far. */
        int answers() {
            return answers.get();
        }

        /** How many requests were refused with 503 so far. */
        int refusals() {
            return refusals.get();
        }

        /** Nobody asks any more. */
        void enough() {
            enough = true;
        }
    }

    /**
     * A request that was begun.
     *
     * @param model the model it asked for, which no other request did
     * @param status the answer's, or {@link #BROKEN}
     * @param retryAfter what {@code retry-after} said
     * @param relay which was asked
     * @param killed whether that had been killed when it ended
     * @param text the answer
     */
    record Asked(String model, int status, String retryAfter, RelayProcess relay, boolean killed, String text) {
        boolean whole() {
            return status == 200;
        }
    }

    /** A client with that key. */
    SharingClient(IssuedKey key, int number) {
        this.key = key;
        this.name = key.key().id() + "-" + number;
        this.random = new Random(number);
    }

    IssuedKey key() {
        return key;
    }

    /** Everything that was asked, in order; to be looked at when nobody asks any more. */
    List<Asked> asked() {
        return asked;
    }

    /** Asks until there is enough. */
    void askOn(Relays relays) {
        while (!relays.enough) {
            RelayProcess relay = relays.any(random);
            String model = "model-" + name + "-" + asked.size();
            boolean stream = random.nextInt(3) > 0;
            try (RawClient client = new RawClient(relay.port())) {
                RawClient.Answer answer = client.post(
                                "/v1/messages", key.secret().reveal(), body(model, stream))
                        .readAnswer();
                add(relays, relay, model, answer, stream);
            } catch (IOException e) {
                asked.add(new Asked(model, BROKEN, "", relay, !relays.isAlive(relay), e.toString()));
            }
        }
    }

    private void add(Relays relays, RelayProcess relay, String model, RawClient.Answer answer, boolean stream) {
        int status = answer.head().status();
        boolean whole = status == 200 && answer.text().contains(stream ? "event: message_stop" : "\"stop_reason\"");
        if (whole) {
            relays.answers.incrementAndGet();
        } else if (status == 503) {
            relays.refusals.incrementAndGet();
        }
        asked.add(new Asked(
                model,
                status == 200 && !whole ? BROKEN : status,
                answer.head().header("retry-after"),
                relay,
                !relays.isAlive(relay),
                answer.text()));
    }

    private static byte[] body(String model, boolean stream) {
        return ("{\"model\":\"" + model + "\",\"max_tokens\":100,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text() + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
