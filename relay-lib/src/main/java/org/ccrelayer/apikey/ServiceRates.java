package org.ccrelayer.apikey;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the use of services counts for against limits and budgets, as a multiple of its price. Immutable.
 *
 * @param factors the factors by the names of services, 0 or more; a service without one counts for its price
 */
public record ServiceRates(Map<String, BigDecimal> factors) {
    /** Everything counts for its price. */
    public static final ServiceRates NONE = new ServiceRates(Map.of());

    /** Factors that are written differently, as 1.50 and 1.5, are the same. */
    public ServiceRates {
        Map<String, BigDecimal> plain = new TreeMap<>();
        factors.forEach((service, factor) -> plain.put(service, plain(service, factor)));
        factors = Map.copyOf(plain);
    }

    private static BigDecimal plain(String service, BigDecimal factor) {
        if (factor.signum() < 0) {
            throw new IllegalArgumentException("serviceRates." + service + ": must not be negative");
        }
        BigDecimal stripped = factor.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** The factor of a service. */
    public BigDecimal factor(String service) {
        return factors.getOrDefault(service, BigDecimal.ONE);
    }

    /** What a service counts for where {@code general} holds for everybody beside this: both factors apply. */
    public CountedRate rate(String service, ServiceRates general) {
        return new CountedRate(factor(service).multiply(general.factor(service)));
    }
}
