/**
 * The secret that a request travels with: how it is kept at rest, how it is sealed with another key, and how tokens are obtained.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.credential.CredentialSource}, {@link
 * org.ccrelayer.internal.credential.CredentialCipher} and {@link org.ccrelayer.internal.credential.Resealing}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.credential;
