package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Whose usage is summed up. Immutable.
 *
 * @param kind what it is
 * @param id which one; empty for everything
 */
public record UsageSubject(Kind kind, String id) {
    /** What usage is summed up by. */
    public enum Kind {
        /** All rows. */
        EVERYTHING,
        /** A relay key, by its id. */
        KEY,
        /** An account, by its id. */
        ACCOUNT,
        /** A model, by the name that is billed. */
        MODEL
    }

    /** All rows. */
    public static final UsageSubject EVERYTHING = new UsageSubject(Kind.EVERYTHING, "");

    public UsageSubject {
        requireNonNull(kind, "kind");
        requireNonNull(id, "id");
    }

    /** The relay key with that id. */
    public static UsageSubject key(String id) {
        return new UsageSubject(Kind.KEY, id);
    }

    /** The account with that id. */
    public static UsageSubject account(String id) {
        return new UsageSubject(Kind.ACCOUNT, id);
    }

    /** The model with that name. */
    public static UsageSubject model(String name) {
        return new UsageSubject(Kind.MODEL, name);
    }

    /** Every subject that a row counts for. */
    public static List<UsageSubject> of(UsageRecord row) {
        return of(row.keyId(), row.accountId(), row.model());
    }

    /** Every subject that rows of that key, account and model count for. */
    public static List<UsageSubject> of(String keyId, String accountId, String model) {
        return List.of(EVERYTHING, key(keyId), account(accountId), model(model));
    }
}
