package org.ccrelayer.internal.health;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccrelayer.account.AccountRest;
import org.ccrelayer.account.RestStore;
import org.ccrelayer.internal.health.Standing.State;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.ccrelayer.internal.health.Verdict.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Those who share the store: tells them what rests, and knows what they last told. Safe for concurrent use; only {@link #listen}
 * may block.
 */
public final class Neighbours {
    /** Nobody. */
    static final Neighbours NONE = new Neighbours(new RestStore() {
        @Override
        public void begun(AccountRest rest) {}

        @Override
        public void over(String accountId, String family) {}

        @Override
        public List<AccountRest> others() {
            return List.of();
        }
    });

    private final RestStore store;
    private volatile Map<String, List<AccountRest>> told = Map.of();

    /** Those who share that store. */
    public Neighbours(RestStore store) {
        this.store = requireNonNull(store, "store");
    }

    /**
     * Hears what they tell now.
     *
     * @throws org.ccrelayer.error.RelayException if the store does not answer; what they told before still counts then
     */
    public void listen() {
        told = store.others().stream().collect(Collectors.groupingBy(AccountRest::accountId));
    }

    /** A verdict changed how something stands. */
    void failed(String accountId, Verdict verdict, Standing standing, Instant now) {
        boolean shared =
                switch (verdict.kind()) {
                    // A token that is missing stands in the store already.
                    case OK, REQUEST_FAULT, NO_TOKEN -> false;
                    case TRANSIENT_THROTTLE -> verdict.until() != null;
                    default -> true;
                };
        if (shared && verdict.scope() != Scope.REQUEST && !standing.open()) {
            Instant until = standing.until() == null ? now.plus(Cooldown.RECHECK) : standing.until();
            store.begun(new AccountRest(
                    accountId,
                    verdict.scope() == Scope.FAMILY ? verdict.family() : "",
                    until,
                    verdict.kind().name().toLowerCase(Locale.ROOT),
                    verdict.status(),
                    standing.soft(),
                    verdict.reason()));
        }
    }

    /** An account works again. */
    void works(String accountId, String family) {
        store.over(accountId, family);
    }

    /** How an account is with what they told. */
    HealthSnapshot on(HealthSnapshot known, String accountId, Instant now) {
        List<AccountRest> rests = told.getOrDefault(accountId, List.of());
        if (rests.isEmpty()) {
            return known;
        }
        Standing account = known.account();
        Map<String, Standing> families = new HashMap<>(known.families());
        for (AccountRest rest : rests) {
            if (!now.isBefore(rest.until())) {
                continue;
            }
            if (rest.family().isEmpty()) {
                account = account.and(standing(rest));
            } else {
                families.merge(rest.family(), standing(rest), Standing::and);
            }
        }
        return known.with(account, families);
    }

    private static Standing standing(AccountRest rest) {
        return new Standing(State.COOLING, kind(rest), rest.until(), rest.soft(), rest.reason());
    }

    private static Kind kind(AccountRest rest) {
        @Nullable
        Kind named = Stream.of(Kind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(rest.cause()))
                .findFirst()
                .orElse(null);
        return named == null ? Kind.SERVER_ERROR : named;
    }
}
