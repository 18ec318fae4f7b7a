/**
 * Every persistence port of the relay as one pluggable thing.
 *
 * <p>Starting points: {@link org.ccrelayer.store.RelayStore}; {@link org.ccrelayer.store.SecretCipher}, how secrets are kept in
 * it.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.store;
