package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.DearestRates;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.PriceTable;
import org.ccrelayer.usage.RequestTerms;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prices in use: the bundled ones, with an operator's file over them where there is one. The file is read at the start
 * and on {@link #reload}; prices change all at once or not at all, and nothing is ever fetched. Safe for concurrent use:
 * each price is worked out on one table.
 */
public final class CurrentPrices implements PriceTable {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentPrices.class);
    private static final String BUNDLED = "model-prices.json";
    private static final int MAX_FILE_BYTES = 4 * 1024 * 1024;

    private final byte[] bundled;
    private final @Nullable Path file;
    private final AtomicReference<Reading> current;

    /** What came of looking at the file: the prices in use, the bytes seen, if any, and what is wrong with those. */
    private record Reading(ModelPrices prices, byte @Nullable [] seen, List<String> problems) {}

    private CurrentPrices(@Nullable Path file, byte[] bundled, Reading first) {
        this.file = file;
        this.bundled = bundled;
        this.current = new AtomicReference<>(first);
    }

    /** The prices that come with the relay. */
    public static CurrentPrices bundled() {
        byte[] bundled = readBundled();
        return new CurrentPrices(null, bundled, new Reading(PriceFile.parse(bundled), null, List.of()));
    }

    /**
     * The prices that come with the relay, with an operator's file of at most 4 MiB over them.
     *
     * @throws PriceFileException if the file cannot be read or used; it lists every problem
     */
    public static CurrentPrices withFile(Path file) {
        requireNonNull(file, "file");
        byte[] bundled = readBundled();
        try {
            byte[] content = read(file);
            return new CurrentPrices(file, bundled, new Reading(PriceFile.parse(bundled, content), content, List.of()));
        } catch (PriceFileException e) {
            throw new PriceFileException("the price file " + file, e.problems());
        }
    }

    /** The table in use now; later changes do not reach it. */
    public ModelPrices table() {
        return current.get().prices();
    }

    /** The families of all models in the table, in lower case and alphabetical order. */
    public Set<String> families() {
        return table().families();
    }

    @Override
    public Cost price(MeteredAnswer answer, String requestedModel, Instant at) {
        return table().price(answer, requestedModel, at);
    }

    @Override
    public DearestRates dearest(String model, RequestTerms terms) {
        return table().dearest(model, terms);
    }

    @Override
    public Optional<String> family(String model) {
        return table().family(model);
    }

    /**
     * Looks at the operator's file again. A file that cannot be used leaves the prices as they are; that is logged once for
     * each change of the file. Blocks on the disk.
     *
     * @return what is wrong with the file; empty where it is in use, or where there is none
     */
    public synchronized List<String> reload() {
        if (file == null) {
            return List.of();
        }
        Reading before = current.get();
        byte[] seen = null;
        try {
            seen = read(file);
            if (Arrays.equals(seen, before.seen())) {
                return before.problems();
            }
            current.set(new Reading(PriceFile.parse(bundled, seen), seen, List.of()));
            LOG.info("the price file {} has changed and is in use", file);
        } catch (PriceFileException e) {
            reject(before, seen, e.problems());
        }
        return current.get().problems();
    }

    private void reject(Reading before, byte @Nullable [] seen, List<String> problems) {
        if (!Arrays.equals(seen, before.seen()) || !problems.equals(before.problems())) {
            LOG.warn("the price file {} cannot be used, earlier prices stay: {}", file, String.join("; ", problems));
        }
        current.set(new Reading(before.prices(), seen, problems));
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_FILE_BYTES + 1);
            if (content.length > MAX_FILE_BYTES) {
                throw new PriceFileException("the price file", List.of("is larger than 4 MiB"));
            }
            return content;
        } catch (IOException e) {
            throw new PriceFileException(
                    "the price file", List.of("cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    private static byte[] readBundled() {
        try (InputStream in = requireNonNull(CurrentPrices.class.getResourceAsStream(BUNDLED), BUNDLED)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
