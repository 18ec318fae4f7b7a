package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.RequestFacts;

/**
 * What routing has asked the store of a request, whose answers may still be on their way. Immutable.
 *
 * @param key the relay key that asks
 * @param facts what the request says
 * @param session the session it belongs to, where it names or shows one
 * @param places the accounts that the session is with
 * @param named who made what the request names
 */
public record Lookup(
        ApiKey key,
        RequestFacts facts,
        Optional<SessionIdentity> session,
        CompletionStage<SessionPlaces> places,
        CompletionStage<ObjectPins.Named> named) {
    public Lookup {
        requireNonNull(key, "key");
        requireNonNull(facts, "facts");
        requireNonNull(session, "session");
        requireNonNull(places, "places");
        requireNonNull(named, "named");
    }

    /**
     * The answer; waits for it, within the store's deadline.
     *
     * @throws RelayException if the store gave none
     */
    static <T> T awaited(CompletionStage<T> answer) {
        CompletableFuture<T> coming = answer.toCompletableFuture();
        try {
            return coming.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
