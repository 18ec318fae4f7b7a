package org.ccrelayer.servlet.war;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A kind of container. */
interface WarHost {
    /** A running container, in {@code folder}, with the WAR, which is given {@code settings} in one of the ways. */
    HostedWar start(Path folder, Configured way, Map<String, String> settings) throws IOException;

    /** Lines of its logs that an operator would look into. */
    String complaints(String logs);

    /** How long it lets answers run on by itself when it is told to end, before the relay is asked. */
    long cutsAnswersAfterMillis();
}
