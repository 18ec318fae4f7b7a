/**
 * A relay to try: with a simulated Claude API behind it, and no account needed.
 *
 * <p>Starting point: {@link org.ccrelayer.demo.Demo}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.demo;
