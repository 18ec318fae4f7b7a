/**
 * Reads certificates and private keys in the forms in which operators have them.
 *
 * <p>Starting point: {@link org.ccrelayer.internal.certificates.KeyStores}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.certificates;
