/**
 * The relay as one object: build it from a configuration, hand it requests, close it.
 *
 * <p>Starting points: {@code Relay} and {@code RelayConfig}. A {@code Relay} shares nothing with another one in the same
 * JVM.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer;
