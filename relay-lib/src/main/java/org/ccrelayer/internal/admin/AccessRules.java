package org.ccrelayer.internal.admin;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ccrelayer.apikey.KeyAccess;

/** What relay keys may be for, by the fields' names in the administration API. Each rule answers with the problem. Stateless. */
final class AccessRules {
    private static final String EVERYTHING = "all";
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000);
    private static final int DECIMALS = 9;

    private AccessRules() {}

    /** Notes everything that is wrong with what a key is for. */
    static void check(KeyAccess access, Problems problems) {
        problems.add("permissions", services(access.services()));
        Set<String> clients = access.clients();
        if (clients != null) {
            problems.add("allowedClients", clients(clients));
        }
        problems.add("serviceRates", rates(access.rates().factors()));
    }

    static Optional<String> services(Collection<String> services) {
        return services.contains(EVERYTHING)
                ? Optional.of("must name services, such as " + KeyAccess.CLAUDE + "; an empty list means all")
                : FieldRules.groups(services);
    }

    static Optional<String> clients(Collection<String> clients) {
        return FieldRules.groups(clients);
    }

    static Optional<String> rates(Map<String, BigDecimal> factors) {
        return FieldRules.groups(factors.keySet())
                .map(problem -> "the name of a service " + problem.replaceFirst("^each ", ""))
                .or(() -> factors.values().stream().allMatch(AccessRules::isFactor)
                        ? Optional.empty()
                        : Optional.of("each must be a number from 0 to 1000 with at most 9 decimals"));
    }

    /** The bounds come first: bringing 1e999999999 to a scale would take all memory. */
    private static boolean isFactor(BigDecimal factor) {
        return factor.signum() >= 0
                && factor.compareTo(MOST) <= 0
                && factor.stripTrailingZeros().scale() <= DECIMALS;
    }
}
