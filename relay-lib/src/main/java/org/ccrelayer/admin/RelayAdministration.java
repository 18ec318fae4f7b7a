package org.ccrelayer.admin;

import java.util.List;
import java.util.Optional;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.account.TokenStatus;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;

/**
 * Operates a relay: accounts and relay keys are created, edited and removed here, from Java or through the HTTP API.
 * Changes are durable when a method returns and take effect for requests that come after. Safe for concurrent use; may
 * block on the store. Bad values end in an {@link IllegalArgumentException} that names each field and the remedy.
 */
public interface RelayAdministration {
    /** Registers an account. */
    Account createAccount(NewAccount account);

    /** All accounts, oldest first. */
    List<Account> accounts();

    /** An account; empty where the id is unknown. */
    Optional<Account> account(String id);

    /** Logins of people that another program keeps in the same store, which are only listed; most stores have none. */
    List<ConsumerLogin> consumerLogins();

    /** How an account is, as this relay has learned since it was started; as good as new where the id is unknown. */
    AccountStatus accountStatus(String id);

    /** The connections of an account at this moment; none where the id is unknown. */
    PoolState connections(String id);

    /** How the token is that an account obtained; none where the id is unknown, or the account obtains none. */
    TokenStatus tokenStatus(String id);

    /**
     * Obtains a new token for an account now, whatever is left of the one that it has; empty where the id is unknown. Waits for it,
     * a minute at most.
     *
     * @throws IllegalArgumentException where the account is of a kind that obtains no tokens
     * @throws org.ccrelayer.error.RelayException where none was given; it says why
     */
    Optional<TokenStatus> refreshToken(String id);

    /** Changes an account; empty where the id is unknown. */
    Optional<Account> changeAccount(String id, AccountChange change);

    /** Switches an account's {@code schedulable} over; empty where the id is unknown. */
    Optional<Account> toggleAccount(String id);

    /** Removes an account; running exchanges end as they are. False where the id is unknown. */
    boolean deleteAccount(String id);

    /** Issues a relay key; the answer is the only place where the key itself ever stands. */
    IssuedKey createKey(NewKey key);

    /** All relay keys, oldest first. */
    List<ApiKey> keys();

    /** A relay key; empty where the id is unknown. */
    Optional<ApiKey> key(String id);

    /** Changes a relay key, all of it at once; empty where the id is unknown. Requests that were let in run on. */
    Optional<ApiKey> changeKey(String id, KeyChange change);

    /** Enables or disables a relay key; empty where the id is unknown. */
    default Optional<ApiKey> enableKey(String id, boolean enabled) {
        return changeKey(id, KeyChange.ofEnabled(enabled));
    }

    /** Removes a relay key for good; its usage stays. False where the id is unknown. */
    boolean deleteKey(String id);

    /** What a relay key has used so far; nothing where the id is unknown. */
    UsageTotals usageOfKey(String id);

    /** What all relay keys together have used so far. */
    UsageTotals usage();

    /**
     * What a subject has used: altogether, by hour, day and month, and for a relay key by model and against its limits. Empty
     * where a relay key's or account's id is unknown and has used nothing; what was deleted keeps its usage.
     */
    Optional<UsageReport> usageOf(UsageSubject subject);
}
