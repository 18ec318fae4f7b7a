package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.internal.envelope.RequestFacts;

/**
 * Routes requests over the accounts of a store. Uses are numbered in one strictly increasing sequence, so that equal
 * accounts take turns even within one tick of a clock. Safe for concurrent use; may block on the store.
 */
public final class Router {
    private final AccountStore accounts;
    private final SelectionPolicy policy = new SelectionPolicy();
    private final Map<String, Long> lastUses = new HashMap<>();
    private long uses;

    /** Routes over {@code accounts}. */
    public Router(AccountStore accounts) {
        this.accounts = requireNonNull(accounts, "accounts");
    }

    /** The route of a request that has already tried some accounts; its account counts as used from now on. */
    public Route route(RequestFacts facts, Set<String> tried) {
        List<Account> known = accounts.list();
        synchronized (lastUses) {
            List<Candidate> candidates = new ArrayList<>(known.size());
            for (Account account : known) {
                candidates.add(new Candidate(account, lastUses.getOrDefault(account.id(), 0L)));
            }
            Route route = policy.select(candidates, facts.model(), tried);
            route.chosen().ifPresent(account -> lastUses.put(account.id(), ++uses));
            if (lastUses.size() > 2 * known.size() + 16) {
                lastUses.keySet().retainAll(known.stream().map(Account::id).toList());
            }
            return route;
        }
    }
}
