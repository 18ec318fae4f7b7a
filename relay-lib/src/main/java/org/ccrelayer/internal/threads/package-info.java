/**
 * The relay's own threads: what they are called, and how they are waited for.
 *
 * <p>Starting point: {@link org.ccrelayer.internal.threads.RelayThreads}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.threads;
