/**
 * A scripted Claude API server on loopback, for testing a gateway and for trying one without an account.
 *
 * <p>Start a {@link org.ccrelayer.simulated.SimulatedClaude}, tell it with a {@link org.ccrelayer.simulated.Script}
 * how to answer, send requests to it, and look at what arrived as
 * {@link org.ccrelayer.simulated.ReceivedRequest}s.
 */
package org.ccrelayer.simulated;
