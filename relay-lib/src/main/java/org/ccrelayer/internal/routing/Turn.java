package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import org.ccrelayer.account.Account;
import org.ccrelayer.internal.health.Verdict;
import org.ccrelayer.ownership.ObjectId;
import org.jspecify.annotations.Nullable;

/** A request's use of an account, from its routing to its end. Safe for concurrent use. */
public final class Turn {
    private final Router router;
    private final Asking asking;
    private final Account account;
    private final String family;
    private final Route.@Nullable Reason notStaying;
    private volatile boolean freshlyBound;
    private volatile boolean thought;

    Turn(Router router, Asking asking, Account account, String family, Route.@Nullable Reason notStaying) {
        this.router = requireNonNull(router, "router");
        this.asking = requireNonNull(asking, "asking");
        this.account = requireNonNull(account, "account");
        this.family = requireNonNull(family, "family");
        this.notStaying = notStaying;
    }

    /** Its session is bound to the account by it. */
    void bound() {
        freshlyBound = true;
    }

    /** The account. */
    public Account account() {
        return account;
    }

    /** The family that the account's upstream counts the model in that is asked for; empty where it is not known. */
    public String family() {
        return family;
    }

    /** Whether its session was bound to the account by it, and was not served there yet. */
    boolean freshlyBound() {
        return freshlyBound;
    }

    Asking asking() {
        return asking;
    }

    /** Why the request is not with the account of its session; null where it is, or where there is none. */
    Route.@Nullable Reason notStaying() {
        return notStaying;
    }

    /** Whether the request brought thinking along, or its answer did. */
    boolean thinking() {
        return thought || asking.thinking();
    }

    /** Its answer has thinking in it. */
    public void thought() {
        thought = true;
    }

    /** Its answer began well. */
    public void works() {
        freshlyBound = false;
        router.works(this);
    }

    /** Its answer made something, which is known from now on; waits for the store where something lasting is among it. */
    public void made(Collection<ObjectId> objects) {
        router.made(this, objects);
    }

    /**
     * The request no longer runs on the account; to be called once.
     *
     * @param verdict what it came to; null where it tells nothing of the account
     */
    public void done(@Nullable Verdict verdict) {
        router.done(this, verdict);
    }
}
