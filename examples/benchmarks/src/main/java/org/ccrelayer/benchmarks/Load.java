package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients that each send the next request when they have the answer to the last, a fixed number of times. */
final class Load implements AutoCloseable {
    private static final long MOST_MINUTES = 10;

    private final int connections;
    private final ExecutorService clients;

    Load(int connections) {
        this.connections = connections;
        this.clients = Executors.newFixedThreadPool(connections, task -> {
            Thread thread = new Thread(task, "client");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does what the scenario says, as often as it says, rounded up to a multiple of the connections. */
    Latencies run(Scenario scenario, Target target) throws InterruptedException, ExecutionException, TimeoutException {
        int each = (scenario.count() + connections - 1) / connections;
        List<Future<long[]>> running = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            running.add(clients.submit(() -> oneClient(scenario, target, each)));
        }
        List<long[]> nanos = new ArrayList<>();
        for (Future<long[]> client : running) {
            nanos.add(client.get(MOST_MINUTES, TimeUnit.MINUTES));
        }
        return Latencies.ofNanos(nanos);
    }

    private static long[] oneClient(Scenario scenario, Target target, int count) throws IOException {
        byte[] request = scenario.request(target);
        long[] nanos = new long[count];
        try (ClientConnection connection = new ClientConnection(target.port())) {
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                long bytes = connection.exchange(request);
                nanos[i] = System.nanoTime() - start;
                if (bytes != scenario.answerBytes()) {
                    throw new IOException(target.name() + " delivered " + bytes + " bytes of an answer that has "
                            + scenario.answerBytes());
                }
            }
        }
        return nanos;
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }
}
