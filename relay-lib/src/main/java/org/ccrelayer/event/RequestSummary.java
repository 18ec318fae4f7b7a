package org.ccrelayer.event;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.limit.Refusal;

/**
 * An exchange that ended. Immutable; holds no secret and no prompt text.
 *
 * @param exchangeId the id that the client saw in errors
 * @param method the request's method
 * @param path the endpoint's path
 * @param keyId the relay key's id; empty where nobody was authenticated
 * @param model the requested model; empty where none was read
 * @param streaming whether a stream was asked for
 * @param status the status that the client was told
 * @param outcome how the exchange ended
 * @param shadowed the budget that would have refused the request, were it not in shadow mode
 * @param attempts the tries, first to last
 * @param requestBytes size of the request body
 * @param responseBytes bytes of the answer's body handed to the client
 * @param duration from the request's arrival to the exchange's end
 */
public record RequestSummary(
        String exchangeId,
        String method,
        String path,
        Optional<String> keyId,
        Optional<String> model,
        boolean streaming,
        int status,
        Outcome outcome,
        Optional<Refusal.Limit> shadowed,
        List<Attempt> attempts,
        long requestBytes,
        long responseBytes,
        Duration duration) {
    public RequestSummary {
        requireNonNull(exchangeId, "exchangeId");
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(keyId, "keyId");
        requireNonNull(model, "model");
        requireNonNull(outcome, "outcome");
        requireNonNull(shadowed, "shadowed");
        attempts = List.copyOf(attempts);
        requireNonNull(duration, "duration");
    }
}
