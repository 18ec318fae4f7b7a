package org.ccrelayer.internal.admin;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.ServiceRates;

/**
 * What a relay key is for in a request body, laid over what it is for already: what the body does not name stays. A bad value is a
 * problem of the body. Immutable.
 */
final class KeyAccessFields {
    /** Every member that is read here. */
    static final List<String> NAMES = List.of("permissions", "allowedClients", "serviceRates");

    private final Optional<Set<String>> services;
    private final Optional<Set<String>> clients;
    private final Optional<Map<String, BigDecimal>> rates;

    KeyAccessFields(BodyFields fields) {
        services = fields.checked("permissions", fields.strings("permissions"), AccessRules::services);
        clients = fields.checked("allowedClients", fields.strings("allowedClients"), AccessRules::clients);
        rates = fields.checked("serviceRates", fields.decimals("serviceRates"), AccessRules::rates)
                .filter(factors -> AccessRules.rates(factors).isEmpty());
    }

    /** What it is for after the change. */
    KeyAccess over(KeyAccess old) {
        return new KeyAccess(
                services.orElse(old.services()),
                clients.isEmpty()
                        ? old.clients()
                        : clients.filter(names -> !names.isEmpty()).orElse(null),
                rates.map(ServiceRates::new).orElse(old.rates()));
    }
}
