package org.ccrelayer.simulated;

/** Runs a simulated Claude API until the process is ended. */
public final class Main {
    private static final String USAGE = "usage: [--port N]   N from 0 to 65535, 0 for a free port";

    private Main() {}

    /** Takes {@code --port N}, prints the URI of the server on standard output and waits. */
    public static void main(String[] args) throws InterruptedException {
        int port = port(args);
        if (port < 0) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try (SimulatedClaude claude = SimulatedClaude.start(
                SimulatedClaude.Options.defaults().withPort(port).withoutRecording())) {
            System.out.println(claude.uri());
            claude.join();
        }
    }

    /** The port the arguments ask for, 0 without any, or -1 when they make no sense. */
    static int port(String... args) {
        if (args.length == 0) {
            return 0;
        }
        boolean readable = args.length == 2 && args[0].equals("--port") && args[1].matches("\\d{1,5}");
        int port = readable ? Integer.parseInt(args[1]) : -1;
        return port > 65_535 ? -1 : port;
    }
}
