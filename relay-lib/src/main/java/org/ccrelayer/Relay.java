package org.ccrelayer;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ccrelayer.admin.Degradation;
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

    /**
     * The path without the prefix of {@link ConfigKey#PATH_ALIASES} that it begins with; as it is where it begins with none. For
     * adapters, which tell by the path whose a request is.
     */
    public String withoutAlias(String path) {
        return assembly.endpoints().withoutAlias(path);
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

    /**
     * What was reported to keep this relay from doing its work well, oldest first; empty where all is well. It stays until
     * the relay is closed.
     */
    public List<Degradation> degraded() {
        return assembly.degradations().all();
    }

    /**
     * Reports something around the relay that keeps it from doing its work well, for adapters. It is logged as a warning and
     * shown in {@link #degraded} and in the administration's status, once for each text; what goes beyond 100 reports is
     * dropped. {@code /health} stays as it is. Both texts go into the log, so they must hold nothing that clients sent.
     *
     * @param where what is concerned, such as one mapping of a servlet
     * @param problem what is wrong and what mends it
     */
    public void reportDegraded(String where, String problem) {
        assembly.degradations().report(where, problem);
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
