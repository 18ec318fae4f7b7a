package org.ccrelayer.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;

/**
 * Asks one relay after the other with its own key, one request at a time: streams and JSON, and some that it leaves before
 * their end. Each request is for a model of its own, by which its rows are found. Used by one thread at a time.
 */
final class RestlessClient {
    private static final int LONGEST_STAY_NANOS = 8_000_000;
    private static final int PAUSE_NANOS = 3_000_000;

    private final IssuedKey key;
    private final Random random;
    private final AtomicInteger answers;
    private final List<Asked> asked = new ArrayList<>();

    /**
     * A request that was begun.
     *
     * @param run the number of the relay that was asked
     * @param model the model it asked for, which no other request did
     * @param whole whether its whole answer came
     */
    record Asked(int run, String model, boolean whole) {}

    /** A client with that key, which counts whole answers where others do. */
    RestlessClient(IssuedKey key, long seed, AtomicInteger answers) {
        this.key = key;
        this.random = new Random(seed);
        this.answers = answers;
    }

    IssuedKey key() {
        return key;
    }

    /** Everything that was asked so far, in order. */
    List<Asked> asked() {
        return asked;
    }

    /** Asks the relay with that number until it is gone. */
    void askUntilGone(RelayProcess relay, int port, int run) {
        while (relay.process().isAlive()) {
            String model = "model-" + key.key().id() + "-" + asked.size();
            boolean whole = false;
            try {
                whole = random.nextInt(5) > 0 ? read(port, model) : leave(port, model);
            } catch (IOException e) {
                // The relay was killed, or the upstream broke off.
                Thread.yield();
            }
            asked.add(new Asked(run, model, whole));
            if (whole) {
                answers.incrementAndGet();
            } else {
                // Its place may still be taken by what it left; asking without a pause would only be refused more
                // often.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private boolean read(int port, String model) throws IOException {
        boolean stream = random.nextInt(3) > 0;
        try (RawClient client = ask(port, model, stream)) {
            RawClient.Answer answer = client.readAnswer();
            return answer.head().status() == 200
                    && answer.text().contains(stream ? "event: message_stop" : "\"stop_reason\"");
        }
    }

    private boolean leave(int port, String model) throws IOException {
        RawClient client = ask(port, model, true);
        LockSupport.parkNanos(random.nextInt(LONGEST_STAY_NANOS));
        if (random.nextBoolean()) {
            client.reset();
        } else {
            client.close();
        }
        return false;
    }

    private RawClient ask(int port, String model, boolean stream) throws IOException {
        byte[] body = ("{\"model\":\"" + model + "\",\"max_tokens\":100,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text() + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        return new RawClient(port).post("/v1/messages", key.secret().reveal(), body);
    }
}
