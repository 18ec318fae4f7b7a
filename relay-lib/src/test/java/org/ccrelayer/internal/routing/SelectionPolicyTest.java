package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.health.HealthSnapshot;
import org.ccrelayer.internal.routing.Route.Reason;
import org.junit.jupiter.api.Test;

class SelectionPolicyTest {
    private static final String MODEL = "claude-sonnet-5-5";
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final SelectionPolicy policy = new SelectionPolicy();

    private static Account account(String id, int priority, boolean schedulable, Set<String> models, int age) {
        return new Account(
                id,
                id,
                new ApiKeyCredential(Secret.of("secret")),
                URI.create("https://upstream.test"),
                priority,
                schedulable,
                models,
                NOON.minusSeconds(age));
    }

    private static Candidate candidate(Account account, long lastUse) {
        return new Candidate(account, lastUse, 0, HealthSnapshot.NEW, "", null);
    }

    private static Account plain(String id) {
        return account(id, 50, true, Set.of(), 0);
    }

    private static List<Candidate> randomCandidates(Random random) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            Set<String> models =
                    switch (random.nextInt(4)) {
                        case 0 -> Set.of("claude-other");
                        case 1 -> Set.of(MODEL, "claude-other");
                        default -> Set.of();
                    };
            Account account =
                    account("account-" + i, 1 + random.nextInt(3), random.nextInt(4) > 0, models, random.nextInt(3));
            candidates.add(candidate(account, random.nextInt(4)));
        }
        return candidates;
    }

    private static Set<String> randomTried(Random random, List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> candidate.account().id())
                .filter(id -> random.nextInt(4) == 0)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static boolean eligible(Account account, Set<String> tried) {
        return account.schedulable() && account.serves(MODEL) && !tried.contains(account.id());
    }

    @Test
    void an_account_that_cannot_serve_is_never_chosen_and_one_that_can_always_is() {
        Random random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            List<Candidate> candidates = randomCandidates(random);
            Set<String> tried = randomTried(random, candidates);
            Route route = policy.select(candidates, Asking.of(MODEL, tried), NOON);
            assertThat(route.chosen().isPresent())
                    .isEqualTo(candidates.stream().anyMatch(candidate -> eligible(candidate.account(), tried)));
            route.chosen().ifPresent(chosen -> {
                assertThat(eligible(chosen, tried)).isTrue();
                assertThat(candidates)
                        .filteredOn(candidate -> eligible(candidate.account(), tried))
                        .allMatch(candidate ->
                                chosen.priority() <= candidate.account().priority());
            });
            Set<String> named = new HashSet<>(route.leftOut().keySet());
            route.chosen()
                    .ifPresent(chosen -> assertThat(named.add(chosen.id())).isTrue());
            assertThat(named)
                    .isEqualTo(candidates.stream()
                            .map(candidate -> candidate.account().id())
                            .collect(Collectors.toSet()));
        }
    }

    @Test
    void the_same_candidates_give_the_same_route_in_any_order() {
        Random random = new Random(5);
        for (int round = 0; round < 2_000; round++) {
            List<Candidate> candidates = randomCandidates(random);
            Set<String> tried = randomTried(random, candidates);
            Route route = policy.select(candidates, Asking.of(MODEL, tried), NOON);
            Collections.shuffle(candidates, random);
            assertThat(new SelectionPolicy().select(candidates, Asking.of(MODEL, tried), NOON))
                    .isEqualTo(route);
        }
    }

    @Test
    void equal_accounts_share_a_thousand_requests_to_within_one() {
        for (int count = 1; count <= 7; count++) {
            List<Account> accounts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                accounts.add(plain("account-" + i));
            }
            Map<String, Integer> served = new HashMap<>();
            Map<String, Long> lastUses = new HashMap<>();
            for (long use = 1; use <= 1_000; use++) {
                List<Candidate> candidates = accounts.stream()
                        .map(account -> candidate(account, lastUses.getOrDefault(account.id(), 0L)))
                        .toList();
                Account chosen = policy.select(candidates, Asking.of(MODEL, Set.of()), NOON)
                        .chosen()
                        .orElseThrow();
                served.merge(chosen.id(), 1, Integer::sum);
                lastUses.put(chosen.id(), use);
            }
            assertThat(served).hasSize(count);
            assertThat(Collections.max(served.values()) - Collections.min(served.values()))
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void any_thousand_requests_are_shared_to_within_one_whatever_went_before() {
        Random random = new Random(12);
        for (int round = 0; round < 30; round++) {
            List<Account> accounts = new ArrayList<>();
            Map<String, Long> lastUses = new HashMap<>();
            for (int i = 2 + random.nextInt(6); i > 0; i--) {
                accounts.add(account("account-" + i, 50, true, Set.of(), random.nextInt(3)));
                lastUses.put("account-" + i, (long) random.nextInt(5));
            }
            Map<String, Integer> served = new HashMap<>();
            for (long use = 5; use < 1_005; use++) {
                List<Candidate> candidates = accounts.stream()
                        .map(account -> candidate(account, lastUses.get(account.id())))
                        .collect(Collectors.toCollection(ArrayList::new));
                Collections.shuffle(candidates, random);
                Account chosen = policy.select(candidates, Asking.of(MODEL, Set.of()), NOON)
                        .chosen()
                        .orElseThrow();
                served.merge(chosen.id(), 1, Integer::sum);
                lastUses.put(chosen.id(), use);
            }
            assertThat(served).hasSameSizeAs(accounts);
            assertThat(Collections.max(served.values()) - Collections.min(served.values()))
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void a_lower_priority_goes_first_however_recently_it_was_used() {
        Candidate first = candidate(account("first", 1, true, Set.of(), 0), 100);
        Candidate second = candidate(account("second", 2, true, Set.of(), 10), 0);
        assertThat(policy.select(List.of(second, first), Asking.of(MODEL, Set.of()), NOON)
                        .chosen())
                .contains(first.account());
    }

    @Test
    void among_unused_accounts_the_oldest_goes_first() {
        Candidate older = candidate(account("z", 50, true, Set.of(), 10), 0);
        Candidate younger = candidate(account("a", 50, true, Set.of(), 5), 0);
        assertThat(policy.select(List.of(younger, older), Asking.of(MODEL, Set.of()), NOON)
                        .chosen())
                .contains(older.account());
    }

    @Test
    void each_account_that_was_left_out_has_its_reason() {
        List<Candidate> candidates = List.of(
                candidate(account("disabled", 1, false, Set.of("claude-other"), 0), 0),
                candidate(account("model", 1, true, Set.of("claude-other"), 0), 0),
                candidate(account("tried", 1, true, Set.of(), 0), 0),
                candidate(account("chosen", 50, true, Set.of(), 0), 3),
                candidate(account("recent", 50, true, Set.of(), 0), 4),
                candidate(account("behind", 51, true, Set.of(), 0), 0));
        Route route = policy.select(candidates, Asking.of(MODEL, Set.of("tried")), NOON);
        assertThat(route.chosen()).map(Account::id).contains("chosen");
        Map<String, Reason> reasons = new HashMap<>();
        route.leftOut().forEach((id, left) -> reasons.put(id, left.reason()));
        assertThat(reasons)
                .isEqualTo(Map.of(
                        "disabled", Reason.DISABLED,
                        "model", Reason.MODEL,
                        "tried", Reason.TRIED,
                        "recent", Reason.RECENTLY_USED,
                        "behind", Reason.PRIORITY));
    }

    @Test
    void nothing_to_choose_from_is_an_empty_route() {
        assertThat(policy.select(List.of(), Asking.of(MODEL, Set.of()), NOON))
                .isEqualTo(new Route(java.util.Optional.empty(), false, Map.of()));
    }
}
