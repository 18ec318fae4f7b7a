package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.health.HealthSnapshot;
import org.ccrelayer.internal.health.Verdict;
import org.ccrelayer.internal.routing.Route.LeftOut;
import org.ccrelayer.internal.routing.Route.Reason;
import org.ccrelayer.internal.routing.SessionBinding.Bound;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.usage.PriceTable;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Routes requests over the accounts of a store. Uses are numbered in one strictly increasing sequence, so that equal
 * accounts take turns even within one tick of a clock; an account of weight n moves on after n uses. Safe for concurrent use;
 * may block on the store.
 */
public final class Router {
    private final AccountStore accounts;
    private final AccountHealth health;
    private final AccountQuotas quotas;
    private final SessionAffinity affinity;
    private final SessionBinding binding;
    private final ObjectPins objects;
    private final PriceTable prices;
    private final InstantSource clock;
    private final SelectionPolicy policy = new SelectionPolicy();
    private final Map<String, Turns> turns = new HashMap<>();
    private long uses;

    /** What an account was used for so far. Guarded by the router's lock. */
    private static final class Turns {
        private Account seen;
        private long lastUse;
        private int inThisTurn;
        private int running;

        private Turns(Account account) {
            seen = account;
        }
    }

    /** Routes over {@code accounts}, as well as {@code health} and {@code quotas} know them; {@code prices} tell the families of models. */
    public Router(
            AccountStore accounts,
            AccountHealth health,
            AccountQuotas quotas,
            SessionAffinity affinity,
            SessionBinding binding,
            ObjectPins objects,
            PriceTable prices,
            InstantSource clock) {
        this.accounts = requireNonNull(accounts, "accounts");
        this.health = requireNonNull(health, "health");
        this.quotas = requireNonNull(quotas, "quotas");
        this.affinity = requireNonNull(affinity, "affinity");
        this.binding = requireNonNull(binding, "binding");
        this.objects = requireNonNull(objects, "objects");
        this.prices = requireNonNull(prices, "prices");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Asks the store what routing must know of a request, without waiting where the store is behind a network. */
    public Lookup lookup(HttpFields headers, RequestFacts facts, ApiKey key) {
        Optional<SessionIdentity> session =
                SessionIdentity.of(headers, facts, key.routing().contentAffinity());
        return new Lookup(
                key,
                facts,
                session,
                affinity.places(key.id(), session, binding, facts.hasThinking()),
                objects.ask(key.id(), facts.pinned()));
    }

    /**
     * What a request asks for, which has already tried some accounts; waits for what was looked up.
     *
     * @throws org.ccrelayer.error.RelayException if it names what its key does not have, or what no account has
     */
    public Asking asking(Lookup lookup, Set<String> tried) {
        ApiKey key = lookup.key();
        RequestFacts facts = lookup.facts();
        SessionPlaces places = Lookup.awaited(lookup.places());
        Pin named = objects.pin(Lookup.awaited(lookup.named()));
        return new Asking(
                key.id(),
                lookup.session(),
                facts.model(),
                prices.family(facts.model()).orElse(""),
                key.routing(),
                tried,
                places.bound().map(named::withSession).orElse(named),
                places.preferred().orElse(null),
                facts.hasThinking());
    }

    /** The route of a request; the account is not in use yet. */
    private Route route(List<Account> known, Asking asking) {
        Route route = policy.select(candidates(known, asking), asking, clock.instant());
        // A half-open account takes one request; whoever comes second chooses again, and sees it probing.
        while (!mayBeUsed(route, asking)) {
            route = policy.select(candidates(known, asking), asking, clock.instant());
        }
        return route;
    }

    /**
     * Where a request goes, and its turn on the account, which counts as used and running until the turn is done.
     *
     * @param route the account and the reasons
     * @param turn empty where no account can serve
     */
    public record Routed(Route route, Optional<Turn> turn) {}

    /** Routes a request; may wait for the store, but keeps no other request waiting meanwhile. */
    public Routed route(Asking asking) {
        List<Account> known = accounts.list();
        Routed routed = begun(known, asking);
        if (routed.turn().isEmpty()) {
            return routed;
        }
        Turn turn = routed.turn().get();
        Bound bound = bound(turn);
        if (bound.elsewhere().isPresent()) {
            // Another request of the session was bound meanwhile.
            giveBack(turn);
            return begun(known, asking.boundTo(bound.elsewhere().get()));
        }
        if (bound.fresh()) {
            turn.bound();
        }
        return routed;
    }

    private Bound bound(Turn turn) {
        try {
            return binding.bind(turn.asking(), turn.account().id());
        } catch (RuntimeException e) {
            giveBack(turn);
            throw e;
        }
    }

    /** A turn that was not taken after all. */
    private void giveBack(Turn turn) {
        health.giveBack(turn.account().id(), turn.family());
        ended(turn);
    }

    private Routed begun(List<Account> known, Asking asking) {
        synchronized (turns) {
            Route route = route(known, asking);
            route.chosen().ifPresent(this::use);
            forget(known);
            return new Routed(route, route.chosen().map(account -> turn(asking, route, account)));
        }
    }

    private Turn turn(Asking asking, Route route, Account account) {
        String staying = asking.staying();
        boolean elsewhere = staying != null && !staying.equals(account.id());
        Reason cause = elsewhere ? reason(route, staying) : null;
        return new Turn(this, asking, account, family(asking, account), cause);
    }

    /** An account that is no longer there was taken out for good. */
    private static Reason reason(Route route, String accountId) {
        LeftOut left = route.leftOut().get(accountId);
        return left == null ? Reason.DISABLED : left.reason();
    }

    private boolean mayBeUsed(Route route, Asking asking) {
        Optional<Account> chosen = route.chosen();
        return chosen.isEmpty()
                || route.lastResort()
                || health.tryProbe(chosen.get().id(), family(asking, chosen.get()));
    }

    private List<Candidate> candidates(List<Account> known, Asking asking) {
        List<Candidate> candidates = new ArrayList<>(known.size());
        for (Account account : known) {
            Turns had = turns.get(account.id());
            forgetWhatAnOperatorMended(account, had);
            HealthSnapshot snapshot = health.snapshot(account.id());
            long lastUse = had == null ? 0 : had.lastUse;
            int running = had == null ? 0 : had.running;
            candidates.add(
                    new Candidate(account, lastUse, running, snapshot, family(asking, account), quotas.until(account)));
        }
        return candidates;
    }

    /** A model that an account knows by another name is limited there as that other model is. */
    private String family(Asking asking, Account account) {
        String name = account.routing().upstreamName(asking.model());
        return name.equals(asking.model())
                ? asking.family()
                : prices.family(name).orElse(asking.family());
    }

    /** An account that was changed is as good as new: with another credential it may work again. */
    private void forgetWhatAnOperatorMended(Account account, @Nullable Turns had) {
        if (had != null && !had.seen.setLike(account)) {
            health.forget(account.id());
        }
        if (had != null) {
            had.seen = account;
        }
    }

    private void use(Account account) {
        Turns had = turns.computeIfAbsent(account.id(), none -> new Turns(account));
        had.running++;
        had.inThisTurn++;
        if (had.inThisTurn >= account.routing().weight()) {
            had.inThisTurn = 0;
            had.lastUse = ++uses;
        }
    }

    /** How an account is. */
    public AccountStatus status(String accountId) {
        synchronized (turns) {
            Turns had = turns.get(accountId);
            AccountStatus status = health.snapshot(accountId).status(had == null ? 0 : had.running);
            return quotas.of(accountId).map(status::withQuota).orElse(status);
        }
    }

    /** The answer to a request made something. */
    void made(Turn turn, Collection<ObjectId> made) {
        objects.made(turn.asking().keyId(), made, turn.account());
    }

    /** An answer began well, so that others need not wait until it has ended. */
    void works(Turn turn) {
        learn(turn, Verdict.ok(turn.family()));
        affinity.begun(turn);
    }

    void done(Turn turn, @Nullable Verdict verdict) {
        try {
            learn(turn, verdict);
            if (verdict != null && verdict.kind() == Verdict.Kind.OK) {
                affinity.answered(turn);
            } else if (verdict != null && turn.freshlyBound()) {
                binding.release(turn.asking());
            }
        } finally {
            ended(turn);
        }
    }

    private void ended(Turn turn) {
        synchronized (turns) {
            Turns had = turns.get(turn.account().id());
            if (had != null) {
                had.running--;
            }
        }
    }

    /** What an account did before an operator changed it tells nothing of how it is now. */
    private void learn(Turn turn, @Nullable Verdict verdict) {
        String accountId = turn.account().id();
        if (verdict == null || changedSince(turn)) {
            health.giveBack(accountId, turn.family());
        } else {
            health.record(accountId, verdict);
        }
    }

    private boolean changedSince(Turn turn) {
        synchronized (turns) {
            Turns had = turns.get(turn.account().id());
            return had != null && !had.seen.setLike(turn.account());
        }
    }

    private void forget(List<Account> known) {
        if (turns.size() > 2 * known.size() + 16) {
            Set<String> ids = known.stream().map(Account::id).collect(Collectors.toSet());
            turns.entrySet().removeIf(turn -> !ids.contains(turn.getKey()) && turn.getValue().running == 0);
            health.retainOnly(ids);
        }
    }
}
