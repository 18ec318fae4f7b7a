/**
 * The secret that a request travels with: how it is kept at rest, and how it is sealed with another key.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.credential.CredentialCipher}; {@link
 * org.ccrelayer.internal.credential.Resealing}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.credential;
