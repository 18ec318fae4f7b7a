package org.ccrelayer.apikey;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a relay key is for, beside its limits. Immutable.
 *
 * @param services the services that it may use, such as {@link #CLAUDE}; empty means every one
 * @param clients the names of the programs that alone may use it, such as {@code claude_code}; null means any
 * @param rates what its use counts for
 */
public record KeyAccess(Set<String> services, @Nullable Set<String> clients, ServiceRates rates) {
    /** The only service that the relay offers. */
    public static final String CLAUDE = "claude";

    /** Everything, for everybody, at its price. */
    public static final KeyAccess ALL = new KeyAccess(Set.of(), null, ServiceRates.NONE);

    public KeyAccess {
        services = Set.copyOf(services);
        clients = clients == null ? null : Set.copyOf(clients);
        requireNonNull(rates, "rates");
    }

    /** Whether it may use that service. */
    public boolean permits(String service) {
        return services.isEmpty() || services.contains(service);
    }

    /** Whether only certain programs may use it. */
    public boolean restrictsClients() {
        return clients != null;
    }
}
