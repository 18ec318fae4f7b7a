package org.ccrelayer;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;

/**
 * A running relay. Build one with {@link #builder}, hand it requests from any thread, close it once. Two relays in one
 * JVM share nothing. Safe for concurrent use.
 */
public final class Relay implements AutoCloseable {
    private final RelayAssembly assembly;

    Relay(RelayAssembly assembly) {
        this.assembly = requireNonNull(assembly, "assembly");
    }

    /** A builder of a relay with that configuration. */
    public static RelayBuilder builder(RelayConfig config) {
        return new RelayBuilder(config);
    }

    /** A running relay with that configuration and nothing else set; see {@link RelayBuilder#start}. */
    public static Relay start(RelayConfig config) {
        return builder(config).start();
    }

    /**
     * Takes a request to the API that the relay serves; paths it does not know are answered with 404. Returns at once,
     * the answer is written when it comes.
     */
    public void handle(ClientRequest request, ClientResponse response) {
        assembly.endpoints().handle(request, response);
    }

    /** Whether it serves its administration API, as {@link ConfigKey#ADMIN_ENABLED} says. */
    public boolean administered() {
        return assembly.adminEndpoint().enabled();
    }

    /** Takes a request to the administration API, 404 where it is not enabled. Returns at once. */
    public void handleAdmin(ClientRequest request, ClientResponse response) {
        assembly.adminEndpoint().handle(request, response);
    }

    /** Operates this relay from Java. */
    public RelayAdministration administration() {
        return assembly.administration();
    }

    /** How many exchanges have not ended. */
    public int exchangesInFlight() {
        return assembly.exchanges().count();
    }

    /** How many answers are being read on for their usage though their clients are gone. */
    public int drainsRunning() {
        return assembly.drains().running();
    }

    /** How many permits are out; as many as exchanges that were admitted and have not ended. */
    public int permitsHeld() {
        return assembly.admission().held();
    }

    /** Bytes of memory that request bodies take now. */
    public long bodyBytesInUse() {
        return assembly.bodyBudget().inUse();
    }

    /** Takes no new work from now on; {@code /health} says so. */
    public void drain() {
        assembly.exchanges().drain();
    }

    /** Completes when every row booked so far is durable. */
    public CompletableFuture<Void> flush() {
        return CompletableFuture.runAsync(assembly.store().usage()::flush, assembly.executor());
    }

    /**
     * Drains, gives running answers up to {@code shutdown-timeout}, ends the rest visibly, makes everything durable and
     * lets go of it. Blocks; safe to call more than once.
     */
    @Override
    public void close() {
        assembly.close();
    }
}
