/**
 * Who asks: finds the relay key of a request and the key record that it stands for.
 *
 * <p>Starting point: {@link org.ccrelayer.internal.authentication.ApiKeyAuthenticator}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.authentication;
