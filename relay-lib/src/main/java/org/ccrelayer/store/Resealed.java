package org.ccrelayer.store;

import java.util.List;

/**
 * What sealing a store's secrets with another key came to, or would come to. Immutable; holds no secret.
 *
 * @param changed how many records have secrets that were sealed with the old key
 * @param current how many records have secrets that were all sealed with the new key before
 * @param undecryptable the names of the records with secrets that neither key opens; those stay as they are
 */
public record Resealed(int changed, int current, List<String> undecryptable) {
    public Resealed {
        undecryptable = List.copyOf(undecryptable);
    }
}
