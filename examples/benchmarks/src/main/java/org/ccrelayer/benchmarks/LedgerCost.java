package org.ccrelayer.benchmarks;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageStore;

/**
 * What a ledger row costs from its opening over the begin of its answer to its place in the file, next to appending as many
 * bytes to a file with a checksum. All CPU time of this process counts, that of the store's thread and its disk included.
 */
final class LedgerCost {
    private static final int ROW_BYTES = 300;
    private static final int HEADER = 2 * Integer.BYTES;
    private static final int WARM_UPS = 3;
    private static final List<String> KEYS = ids("5b2c1f6e-0000-4000-8000-00000000000", 10);
    private static final List<String> ACCOUNTS = ids("9d41aa70-0000-4000-8000-00000000000", 4);

    private final int rows;
    private final int rounds;

    /**
     * What was measured.
     *
     * @param appendMicros CPU time of an append, median
     * @param rowMicros CPU time of a row's life, median
     * @param ratio the median of the rounds' ratios
     */
    record Figures(double appendMicros, double rowMicros, double ratio) {}

    LedgerCost(int rows, int rounds) {
        this.rows = rows;
        this.rounds = rounds;
    }

    Figures measure(Path directory) throws IOException {
        List<Double> appends = new ArrayList<>();
        List<Double> lives = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        CredentialCipher cipher = new CredentialCipher(Secret.of("a benchmark's encryption key"));
        try (EmbeddedStore store =
                        EmbeddedStore.open(directory.resolve("ledger"), cipher, StoreTime.utc(InstantSource.system()));
                FileOutputStream bare =
                        new FileOutputStream(directory.resolve("bare.journal").toFile(), true)) {
            for (int round = -WARM_UPS; round < rounds; round++) {
                double append = append(bare);
                double life = lives(store.usage(), round);
                if (round >= 0) {
                    appends.add(append);
                    lives.add(life);
                    ratios.add(life / append);
                }
            }
        }
        return new Figures(Outcomes.median(appends), Outcomes.median(lives), Outcomes.median(ratios));
    }

    private static List<String> ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(number -> prefix + number).toList();
    }

    private double append(FileOutputStream bare) throws IOException {
        byte[] payload = new byte[ROW_BYTES];
        ByteBuffer record = ByteBuffer.allocate(HEADER + ROW_BYTES);
        CRC32C checksum = new CRC32C();
        long before = CpuTime.ofThisProcess();
        for (int row = 0; row < rows; row++) {
            payload[row % ROW_BYTES] = (byte) row;
            checksum.reset();
            checksum.update(payload);
            record.clear().putInt(ROW_BYTES).putInt((int) checksum.getValue()).put(payload);
            bare.write(record.array());
        }
        bare.getFD().sync();
        return microsSince(before);
    }

    private double lives(UsageStore ledger, int round) {
        long before = CpuTime.ofThisProcess();
        for (int number = 0; number < rows; number++) {
            Instant now = Instant.now();
            String exchangeId = "relay_0123456789abcdef" + round + "_" + Long.toString(number, Character.MAX_RADIX);
            UsageRecord row = row(exchangeId, number, now);
            ledger.open(row.in(UsageRecord.State.RESERVED));
            ledger.streaming(row.id());
            ledger.settle(row);
        }
        ledger.flush();
        return microsSince(before);
    }

    private static UsageRecord row(String exchangeId, int number, Instant now) {
        return new UsageRecord(
                exchangeId + "-1",
                exchangeId,
                KEYS.get(number % KEYS.size()),
                ACCOUNTS.get(number % ACCOUNTS.size()),
                "claude-opus-5",
                "opus",
                UsageRecord.State.FINAL,
                new Tokens(1_200, 340, 0, 500, 12_000),
                0,
                25_458_000,
                0,
                false,
                now,
                now,
                now);
    }

    private double microsSince(long before) {
        return (CpuTime.ofThisProcess() - before) / 1e3 / rows;
    }
}
