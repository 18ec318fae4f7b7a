package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A person's login that another program keeps in the same store. The relay lists it and does nothing else with it: it is no account,
 * serves nothing, and is never created, changed or refreshed. Immutable; prints no secret.
 *
 * @param id the other program's id
 * @param name for people
 * @param proxy the road that the other program takes for it, so that an account can be given the same; null where that is written in a
 *     way that the relay cannot use
 */
public record ConsumerLogin(
        String id, String name, @Nullable EgressProxy proxy) {
    public ConsumerLogin {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
    }
}
