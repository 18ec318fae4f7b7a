package org.ccrelayer.apikey;

import org.jspecify.annotations.Nullable;

/**
 * Where a relay key's requests may go. Immutable.
 *
 * @param account the account that serves them; null means that none is named
 * @param group the group whose accounts serve them; null likewise. Not together with an account
 * @param mayLeave whether other accounts serve them where those cannot
 * @param contentAffinity whether requests that name no session stay with an account by their content
 */
public record KeyRouting(@Nullable String account, @Nullable String group, boolean mayLeave, boolean contentAffinity) {
    /** Any shared account. */
    public static final KeyRouting ANY = new KeyRouting(null, null, false, true);

    public KeyRouting {
        if (account != null && group != null) {
            throw new IllegalArgumentException("a key is bound to an account or to a group, not to both");
        }
    }

    /** Whether it is bound to an account or a group. */
    public boolean bound() {
        return account != null || group != null;
    }

    /** The same, bound to that account instead of anything else. */
    public KeyRouting toAccount(String id) {
        return new KeyRouting(id, null, mayLeave, contentAffinity);
    }

    /** The same, bound to that group instead of anything else. */
    public KeyRouting toGroup(String name) {
        return new KeyRouting(null, name, mayLeave, contentAffinity);
    }

    /** The same, bound to nothing. */
    public KeyRouting toAny() {
        return new KeyRouting(null, null, mayLeave, contentAffinity);
    }

    /** The same, allowed to leave what it is bound to or not. */
    public KeyRouting withMayLeave(boolean may) {
        return new KeyRouting(account, group, may, contentAffinity);
    }

    /** The same with or without affinity by content. */
    public KeyRouting withContentAffinity(boolean affinity) {
        return new KeyRouting(account, group, mayLeave, affinity);
    }
}
