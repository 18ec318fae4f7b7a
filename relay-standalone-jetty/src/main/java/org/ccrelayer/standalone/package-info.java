/**
 * The relay as a program: command line, logging, and a Jetty server that hands requests over.
 *
 * <p>Starting points: {@link org.ccrelayer.standalone.Main} and {@link org.ccrelayer.standalone.RelayServer}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.standalone;
