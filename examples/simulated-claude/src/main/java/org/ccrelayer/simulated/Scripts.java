package org.ccrelayer.simulated;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Which script answers the next request. Thread-safe. */
final class Scripts {
    private final Queue<Script> queue = new ConcurrentLinkedQueue<>();
    private final Map<String, Script> byCredential = new ConcurrentHashMap<>();
    private volatile Script fallback = Script.answer();

    void enqueue(Script script) {
        queue.add(script);
    }

    void always(Script script) {
        fallback = Objects.requireNonNull(script);
    }

    void forKey(String credential, Script script) {
        byCredential.put(credential, script);
    }

    Script next(List<String> credentials) {
        Script queued = queue.poll();
        if (queued != null) {
            return queued;
        }
        return credentials.stream()
                .map(byCredential::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(fallback);
    }
}
