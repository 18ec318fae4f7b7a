/**
 * The secret that a request travels with: how it is kept at rest.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.credential.CredentialCipher}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.credential;
