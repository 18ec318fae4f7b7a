/**
 * Every persistence port of the relay as one pluggable thing.
 *
 * <p>Starting point: {@link org.ccrelayer.store.RelayStore}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.store;
