package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What the relay's own bookkeeping costs.
 *
 * @param ledger a row's life
 * @param admissionMicros CPU time of a request's admission
 */
record OwnCosts(LedgerCost.Figures ledger, double admissionMicros) {
    /** Measures both in this process, in files of that directory. */
    static OwnCosts measure(int rows, int rounds, Path directory) throws IOException {
        LedgerCost.Figures ledger = new LedgerCost(rows, rounds).measure(directory);
        return new OwnCosts(ledger, new AdmissionCost(rows, rounds).micros(directory));
    }

    /** The figures in words. */
    String told() {
        return String.format(
                Locale.ROOT,
                "CPU time of a checksummed append %.1f us, of a ledger row's whole life %.1f us, of an admission with every"
                        + " limit %.1f us.",
                ledger.appendMicros(),
                ledger.rowMicros(),
                admissionMicros);
    }
}
