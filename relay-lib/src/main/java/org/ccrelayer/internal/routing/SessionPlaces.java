package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccrelayer.session.SessionStore;

/**
 * Where a session is. Immutable.
 *
 * @param bound the account that it is bound to
 * @param staying the account that it stays with
 * @param last the account that thought last, of a request that brings thinking back
 */
record SessionPlaces(Optional<String> bound, Optional<String> staying, Optional<String> last) {
    static final SessionPlaces NONE = new SessionPlaces(Optional.empty(), Optional.empty(), Optional.empty());

    SessionPlaces {
        requireNonNull(bound, "bound");
        requireNonNull(staying, "staying");
        requireNonNull(last, "last");
    }

    /** The account that its request goes to if it can. */
    Optional<String> preferred() {
        return staying.or(() -> last);
    }

    /** What a store is asked for each of the three, of which any may be missing. */
    record Questions(
            Optional<SessionStore.Question> bound,
            Optional<SessionStore.Question> staying,
            Optional<SessionStore.Question> last) {
        List<SessionStore.Question> all() {
            return Stream.of(bound, staying, last).flatMap(Optional::stream).toList();
        }

        /** What follows of the answers to {@link #all}. */
        SessionPlaces answered(List<Optional<String>> answers) {
            Iterator<Optional<String>> next = answers.iterator();
            return new SessionPlaces(
                    bound.flatMap(asked -> next.next()),
                    staying.flatMap(asked -> next.next()),
                    last.flatMap(asked -> next.next()));
        }
    }
}
