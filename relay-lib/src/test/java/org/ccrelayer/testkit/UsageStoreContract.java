package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ledger's part of {@link RelayStoreContract}. */
abstract class UsageStoreContract {
    private RelayStore store;

    /** A store of this kind without any record; it is closed after the test. */
    protected abstract RelayStore openEmpty() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = openEmpty();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    /** The store under test. */
    protected final RelayStore store() {
        return store;
    }

    @Test
    void aRowIsFoundAsItWasRecorded() {
        for (int number = 0; number < 9; number++) {
            Samples.book(store.usage(), Samples.row("u" + number, "x", "k", number));
        }
        store.usage().flush();
        for (int number = 0; number < 9; number++) {
            assertThat(store.usage().find("u" + number)).contains(Samples.row("u" + number, "x", "k", number));
        }
    }

    @Test
    void aRowIsBookedOnce() {
        UsageRecord row = Samples.row("x-1", "x", "k", 4);
        Samples.book(store.usage(), row);
        Samples.book(store.usage(), row);
        store.usage().flush();
        Samples.book(store.usage(), Samples.row("x-1", "x", "k2", 8));
        store.usage().flush();
        assertThat(store.usage().find("x-1")).contains(row);
        assertThat(store.usage().ofExchange("x")).containsExactly(row);
        assertThat(store.usage().totals()).isEqualTo(UsageTotals.NONE.plus(row));
        assertThat(store.usage().totalsOfKey("k")).isEqualTo(UsageTotals.NONE.plus(row));
        assertThat(store.usage().totalsOfKey("k2")).isEqualTo(UsageTotals.NONE);
    }

    @Test
    void anExchangeListsItsRowsInTheOrderOfTheirBeginnings() {
        for (int number : new int[] {3, 1, 2}) {
            Samples.book(store.usage(), Samples.row("x-" + number, "x", "k", number));
        }
        Samples.book(store.usage(), Samples.row("x2-1", "x2", "k", 1));
        Samples.book(store.usage(), Samples.row("xx-1", "xx", "k", 1));
        store.usage().flush();
        assertThat(store.usage().ofExchange("x")).extracting(UsageRecord::id).containsExactly("x-1", "x-2", "x-3");
        assertThat(store.usage().ofExchange("x2")).extracting(UsageRecord::id).containsExactly("x2-1");
    }

    @Test
    void totalsAreTheSumOfTheRows() {
        UsageTotals ofAll = UsageTotals.NONE;
        UsageTotals ofFirst = UsageTotals.NONE;
        for (int number = 0; number < 100; number++) {
            UsageRecord row = Samples.row("u" + number, "x" + number, "k" + number % 3, number);
            Samples.book(store.usage(), row);
            ofAll = ofAll.plus(row);
            ofFirst = number % 3 == 0 ? ofFirst.plus(row) : ofFirst;
        }
        store.usage().flush();
        assertThat(store.usage().totals()).isEqualTo(ofAll);
        assertThat(store.usage().totalsOfKey("k0")).isEqualTo(ofFirst);
        assertThat(ofAll.attempts()).as("void rows count for nothing").isEqualTo(75);
    }

    @Test
    void rowsOfManyThreadsAreAllBooked() throws Exception {
        together(8, thread -> {
            for (int round = 0; round < 250; round++) {
                Samples.book(store.usage(), Samples.row("u" + thread + "-" + round, "x", "k" + thread, 0));
            }
            return thread;
        });
        store.usage().flush();
        assertThat(store.usage().totals().attempts()).isEqualTo(2000);
        for (int thread = 0; thread < 8; thread++) {
            assertThat(store.usage().totalsOfKey("k" + thread).attempts()).isEqualTo(250);
        }
    }

    @Test
    void usageOutlivesItsKey() {
        store.apiKeys().create(Samples.key("k", 1));
        Samples.book(store.usage(), Samples.row("u", "x", "k", 4));
        store.usage().flush();
        store.apiKeys().delete("k");
        assertThat(store.usage().find("u")).isPresent();
        assertThat(store.usage().totalsOfKey("k").attempts()).isEqualTo(1);
    }

    static <T> List<T> together(int threads, IntFunction<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<T>> calls = IntStream.range(0, threads)
                    .<Callable<T>>mapToObj(thread -> () -> work.apply(thread))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(calls, 60, TimeUnit.SECONDS)) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
