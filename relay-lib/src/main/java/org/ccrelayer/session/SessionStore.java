package org.ccrelayer.session;

import java.time.Duration;
import java.util.Optional;

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
     * As {@link #account(String, String)}; where the session is not kept, the account that another program has it with.
     *
     * @param common its common name
     */
    default Optional<String> account(String keyId, String session, String common) {
        return account(keyId, session);
    }

    /**
     * As {@link #account(String, String)}; where the session is not kept, the account that another program has bound it to.
     *
     * @param common its common name
     */
    default Optional<String> bound(String keyId, String session, String common) {
        return account(keyId, session);
    }

    /** Keeps a session with that account for {@code ttl} from now, whatever it stayed with before. */
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

    /** Lets a session go; one that is not kept is no error. */
    void forget(String keyId, String session);
}
