package org.ccrelayer.servlet.war;

/**
 * The WAR in a running container, under the context path {@code /relay}.
 *
 * @param host the container
 * @param port where it listens on loopback
 */
record HostedWar(HostProcess host, int port) implements AutoCloseable {
    RelayCalls calls() {
        return new RelayCalls(port, "/relay");
    }

    @Override
    public void close() {
        host.close();
    }
}
