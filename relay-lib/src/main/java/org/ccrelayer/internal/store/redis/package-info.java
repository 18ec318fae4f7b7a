/**
 * The relay's store in a Redis that several relays share, over Lettuce.
 *
 * <p>Starting points: {@code RedisStore}; {@code RedisLink}, the one connection; {@code RedisKeys}, every key there is; and the
 * Lua scripts beside this package, each of which is one decision.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.store.redis;
