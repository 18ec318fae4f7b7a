/**
 * The relay's store in one local file, over H2 MVStore.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.store.embedded.EmbeddedStore}; {@code StoreThread}, the one thread that
 * touches the file; {@code StoreFile}, which opens it, commits and recovers.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.store.embedded;
