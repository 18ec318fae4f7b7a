/**
 * Which relay key has what answers created upstream, and which account made it.
 *
 * <p>Starting point: {@link org.ccrelayer.ownership.ObjectStore}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.ownership;
