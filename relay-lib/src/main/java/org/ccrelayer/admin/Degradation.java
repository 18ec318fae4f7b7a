package org.ccrelayer.admin;

import java.time.Instant;

/**
 * Something around a relay that keeps it from doing its work as well as it could. Immutable.
 *
 * @param where what is concerned, such as one mapping of a servlet
 * @param problem what is wrong and what mends it
 * @param since when it was first noticed
 */
public record Degradation(String where, String problem, Instant since) {}
