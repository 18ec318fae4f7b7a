/**
 * Relay keys: who may use the relay and within which limits, and the port that keeps them.
 *
 * <p>Starting points: {@link org.ccrelayer.apikey.ApiKey} and {@link org.ccrelayer.apikey.ApiKeyStore}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.apikey;
