/**
 * What the relay costs: small measurements of its hottest parts, and the whole of it next to a bare proxy.
 *
 * <p>Starting points: {@link org.ccrelayer.benchmarks.Comparison} is the command; {@link
 * org.ccrelayer.benchmarks.MeteringBenchmark} and {@link org.ccrelayer.benchmarks.EnvelopeBenchmark} are the small ones.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.benchmarks;
