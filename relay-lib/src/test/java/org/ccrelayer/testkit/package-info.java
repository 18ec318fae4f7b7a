/**
 * Contracts of the relay's ports as abstract tests, to be run against every implementation; shipped as a test-jar.
 *
 * <p>Starting points: {@link org.ccrelayer.testkit.RelayStoreContract} and {@link org.ccrelayer.testkit.Samples}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.testkit;
