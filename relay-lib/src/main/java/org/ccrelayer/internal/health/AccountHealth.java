package org.ccrelayer.internal.health;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.internal.health.Standing.State;
import org.jspecify.annotations.Nullable;

/**
 * What the relay remembers of its accounts' health, by id: who is kept out and until when, who is being tried, how far windows
 * are used. It knows nothing of what operators set, so it can undo none of it. Everything returns by the clock alone, except
 * refused credentials.
 *
 * <p>Whoever chooses takes accounts that are {@linkplain Standing#open() open} first, and the probe of the one chosen; if
 * none is open and every candidate's standing is {@linkplain Standing#soft() soft}, the one whose time comes soonest.
 *
 * <p>What others who share the store have learned of accounts counts beside it, as long as they tell it.
 *
 * <p>Lives in memory, for at most {@value #MOST_ACCOUNTS} accounts and {@value #MOST_FAMILIES} families each. Safe for
 * concurrent use; never blocks.
 */
public final class AccountHealth {
    static final int MOST_ACCOUNTS = 10_000;
    static final int MOST_FAMILIES = 32;

    private final InstantSource clock;
    private final Neighbours neighbours;
    private final Map<String, Memory> accounts = new RecentAccounts();

    /** Remembers nothing yet. */
    public AccountHealth(InstantSource clock) {
        this(clock, Neighbours.NONE);
    }

    /** Remembers nothing yet, and shares what it learns with others. */
    public AccountHealth(InstantSource clock, Neighbours neighbours) {
        this.clock = requireNonNull(clock, "clock");
        this.neighbours = requireNonNull(neighbours, "neighbours");
    }

    /** What an attempt at an account came to, good or bad; a probe that it was ends. */
    public void record(String accountId, Verdict verdict) {
        Standing before;
        Standing after;
        Instant now = clock.instant();
        synchronized (this) {
            Memory memory = memory(accountId);
            before = memory.about(verdict, now);
            record(memory, verdict, now);
            after = memory.about(verdict, now);
        }
        if (verdict.kind() == Verdict.Kind.OK && before.state() != State.IN && after.state() == State.IN) {
            neighbours.works(accountId, verdict.family());
        } else if (!after.sameRest(before)) {
            neighbours.failed(accountId, verdict, after, now);
        }
    }

    private static void record(Memory memory, Verdict verdict, Instant now) {
        switch (verdict.scope()) {
            case NONE -> {
                memory.account.succeeded(now);
                memory.family(verdict.family()).succeeded(now);
            }
            case ACCOUNT -> {
                memory.account.failed(verdict, now);
                memory.family(verdict.family()).giveBack();
            }
            case FAMILY -> {
                memory.account.giveBack();
                memory.limited(verdict.family(), now).failed(verdict, now);
            }
            case REQUEST -> memory.giveBack(verdict.family());
        }
    }

    /** An answer began well for a model of {@code family}, empty where that is not known. */
    public void recordSuccess(String accountId, String family) {
        record(accountId, Verdict.ok(family));
    }

    /** What an answer told of the account's windows, whether it was a good one or not. */
    public synchronized void read(String accountId, WindowReading reading) {
        if (!reading.isEmpty()) {
            memory(accountId).windows.read(reading);
        }
    }

    /**
     * Lets a request for a model of {@code family} use an account that was chosen. Where its time out has just passed, for the
     * account or for the family, only the first request is let in until it is recorded, given back, or 30 seconds have
     * passed; where nothing is wrong, all are.
     */
    public synchronized boolean tryProbe(String accountId, String family) {
        Memory memory = accounts.get(accountId);
        if (memory == null) {
            return true;
        }
        Instant now = clock.instant();
        Cooldown limit = memory.family(family);
        if (!memory.account.at(now).open() || !limit.at(now).open()) {
            return false;
        }
        memory.account.probe(now);
        limit.probe(now);
        return true;
    }

    /** A request that was let in ended without telling anything, as when its client went away. */
    public synchronized void giveBack(String accountId, String family) {
        Memory memory = accounts.get(accountId);
        if (memory != null) {
            memory.giveBack(family);
        }
    }

    /** What keeps the whole account out for one of these reasons does so no longer, since it is known to be mended. */
    public synchronized void lift(String accountId, Set<Verdict.Kind> kinds) {
        Memory memory = accounts.get(accountId);
        if (memory != null) {
            memory.account.lift(kinds);
        }
    }

    /** How the account is now. */
    public HealthSnapshot snapshot(String accountId) {
        Instant now = clock.instant();
        return neighbours.on(known(accountId, now), accountId, now);
    }

    private synchronized HealthSnapshot known(String accountId, Instant now) {
        Memory memory = accounts.get(accountId);
        return memory == null ? HealthSnapshot.NEW : memory.snapshot(now);
    }

    /** Forgets everything of an account, since an operator changed it. */
    public synchronized void forget(String accountId) {
        accounts.remove(accountId);
    }

    /** Forgets all accounts but these. */
    public synchronized void retainOnly(Set<String> ids) {
        accounts.keySet().retainAll(ids);
    }

    /** How many accounts are remembered. */
    synchronized int remembered() {
        return accounts.size();
    }

    private Memory memory(String accountId) {
        return accounts.computeIfAbsent(requireNonNull(accountId, "accountId"), id -> new Memory());
    }

    /** What is remembered of one account. */
    private static final class Memory {
        final Cooldown account = new Cooldown();
        final KnownWindows windows = new KnownWindows();
        private final Map<String, Cooldown> families = new HashMap<>();

        /** The family's cooldown; one that nobody remembers where nothing is wrong. */
        Cooldown family(String family) {
            @Nullable Cooldown known = families.get(family);
            return known == null ? new Cooldown() : known;
        }

        /** The family's cooldown, to be begun. */
        Cooldown limited(String family, Instant now) {
            if (!families.containsKey(family) && families.size() >= MOST_FAMILIES) {
                families.values().removeIf(cooldown -> cooldown.at(now).state() == State.IN);
            }
            return families.size() < MOST_FAMILIES
                    ? families.computeIfAbsent(family, name -> new Cooldown())
                    : family(family);
        }

        /** How that stands which a verdict is about. */
        Standing about(Verdict verdict, Instant now) {
            Standing limited = family(verdict.family()).at(now);
            return switch (verdict.scope()) {
                case ACCOUNT -> account.at(now);
                case FAMILY -> limited;
                default -> account.at(now).and(limited);
            };
        }

        void giveBack(String family) {
            account.giveBack();
            family(family).giveBack();
        }

        HealthSnapshot snapshot(Instant now) {
            Map<String, Standing> limited = new HashMap<>();
            families.forEach((family, cooldown) -> {
                Standing standing = cooldown.at(now);
                if (standing.state() != State.IN) {
                    limited.put(family, standing);
                }
            });
            return new HealthSnapshot(
                    account.at(now), limited, windows.fiveHour(now), windows.sevenDay(now), windows.families(now));
        }
    }

    /** The accounts that were used last. */
    private static final class RecentAccounts extends LinkedHashMap<String, Memory> {
        private static final long serialVersionUID = 1L;

        RecentAccounts() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Memory> eldest) {
            return size() > MOST_ACCOUNTS;
        }
    }
}
