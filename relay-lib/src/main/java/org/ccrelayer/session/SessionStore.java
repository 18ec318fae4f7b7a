package org.ccrelayer.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that sessions stay with, each for a time by the store's own clock. Clients name their sessions themselves, so
 * that a session is known only together with the relay key it was used with: the same name under two keys is two sessions.
 * A store keeps a bounded number of them; the one that was asked for or kept longest ago goes first. Safe for concurrent
 * use; may block on the store, within its deadline, and throws a {@code RelayException} when it does not answer.
 *
 * <p>Another program that shares the store may know a session by a common name, which means the same under every relay key. What it
 * says is taken up where the relay itself does not keep the session, and it is told where sessions are; a store that is not shared
 * does neither.
 *
 * <p>Ids of keys and accounts and names of sessions are 1 to {@value #MAX_LENGTH} characters without control characters, and
 * times to live are longer than zero; anything else is an {@link IllegalArgumentException}.
 */
public interface SessionStore {
    /** The longest id of a key or an account, and the longest name of a session. */
    int MAX_LENGTH = 256;

    /** The account that a session stays with; empty where it was not kept, or its time is over. */
    Optional<String> account(String keyId, String session);

    /**
     * What is asked of a session.
     *
     * @param session its name
     * @param common what other programs know it by; null where they do not
     * @param bound whether the account counts that they bound it to, in place of the one that they have it with
     */
    record Question(String session, @Nullable String common, boolean bound) {
        /** Of one that nobody else knows. */
        public static Question of(String session) {
            return new Question(session, null, false);
        }
    }

    /**
     * Asks for the accounts of several sessions at once; the answer has them in the order of the questions. Where the store does not
     * keep a session, what other programs say stands in. A store behind a network does not wait for the answer, and answers questions
     * in the order in which they are asked.
     */
    default CompletionStage<List<Optional<String>>> ask(String keyId, List<Question> questions) {
        return CompletableFuture.completedStage(questions.stream()
                .map(question -> account(keyId, question.session()))
                .toList());
    }

    /**
     * Keeps a session with that account for {@code ttl} from now, whatever it stayed with before. A store behind a network does not
     * wait for its answer: whoever asks it later through this one finds the session kept, unless that failed.
     */
    void keep(String keyId, String session, String accountId, Duration ttl);

    /**
     * As {@link #keep(String, String, String, Duration)}, and tells other programs. Need not wait: what fails is logged by the
     * store then.
     *
     * @param common its common name
     */
    default void keepForAll(String keyId, String session, String common, String accountId, Duration ttl) {
        keep(keyId, session, accountId, ttl);
    }

    /**
     * As {@link #keep(String, String, String, Duration)}, for {@code slack} less at the least: nothing is written where the
     * session stays with that account already, and long enough.
     *
     * @param slack zero or longer
     */
    void keep(String keyId, String session, String accountId, Duration ttl, Duration slack);

    /**
     * Binds a session to that account for {@code ttl} from now, unless it stays with one already. Of several that bind a
     * session at the same time, one succeeds and the others are told its account.
     *
     * @return the account that the session stayed with already, and still does, for as long as before; empty where it is bound
     *     to {@code accountId} now
     */
    Optional<String> bind(String keyId, String session, String accountId, Duration ttl);

    /**
     * Lets a session stay with its account for {@code ttl} from now.
     *
     * @return false, and nothing changed, where it stays with none
     */
    boolean renew(String keyId, String session, Duration ttl);

    /** As {@link #renew}, but a store behind a network does not wait for its answer. */
    default void extend(String keyId, String session, Duration ttl) {
        renew(keyId, session, ttl);
    }

    /** Lets a session go; one that is not kept is no error. */
    void forget(String keyId, String session);
}
