/**
 * What an upstream's answer says about the account that got it, and the memory of it: verdicts, cooldowns, windows.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.health.UpstreamVerdicts}, whose table is docs/upstream-answers.md, and
 * {@link org.ccrelayer.internal.health.AccountHealth}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.health;
