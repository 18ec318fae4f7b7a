package org.ccrelayer.apikey;

import java.util.Set;

/**
 * What a relay key may do. Immutable.
 *
 * @param modelsAllowed the models it may ask for; empty means all
 */
public record KeyLimits(Set<String> modelsAllowed) {
    /** No limit at all. */
    public static final KeyLimits NONE = new KeyLimits(Set.of());

    public KeyLimits {
        modelsAllowed = Set.copyOf(modelsAllowed);
    }

    /** Whether it may ask for {@code model}. */
    public boolean allows(String model) {
        return modelsAllowed.isEmpty() || modelsAllowed.contains(model);
    }
}
