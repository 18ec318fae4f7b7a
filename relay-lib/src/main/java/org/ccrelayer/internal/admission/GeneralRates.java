package org.ccrelayer.internal.admission;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.ccrelayer.apikey.ServiceRates;
import org.jspecify.annotations.Nullable;

/**
 * What services count for, for every relay key, as it was last read. It is read once before it is first needed and then only by
 * {@link #refresh}, so that no request waits for it. Safe for concurrent use.
 */
public final class GeneralRates {
    private final Supplier<ServiceRates> source;
    private volatile @Nullable ServiceRates known;

    /** Reads from {@code source}, which may block. */
    public GeneralRates(Supplier<ServiceRates> source) {
        this.source = requireNonNull(source, "source");
    }

    /**
     * The rates.
     *
     * @throws org.ccrelayer.error.RelayException where they were never read and cannot be; nobody is charged by a guess
     */
    public ServiceRates now() {
        ServiceRates rates = known;
        return rates == null ? read() : rates;
    }

    /**
     * Reads them anew. Blocks.
     *
     * @throws org.ccrelayer.error.RelayException where they cannot be read; then the last ones hold
     */
    public void refresh() {
        read();
    }

    private ServiceRates read() {
        ServiceRates rates = source.get();
        known = rates;
        return rates;
    }
}
