package org.ccrelayer.internal.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ccrelayer.internal.pricing.Answers.A_MILLION_EACH;
import static org.ccrelayer.internal.pricing.Answers.day;
import static org.ccrelayer.internal.pricing.Answers.usd;
import static org.ccrelayer.internal.pricing.PriceFiles.days;
import static org.ccrelayer.internal.pricing.PriceFiles.model;
import static org.ccrelayer.internal.pricing.PriceFiles.row;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Cost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** An operator's price file over the bundled one, at the start and later. */
class OperatorPricesTest {
    private static final JsonObject OPUS_5_AT_15 = PriceFiles.with(model("claude-opus-5", row()));

    @TempDir
    private Path folder;

    private final Logger log = (Logger) LoggerFactory.getLogger(CurrentPrices.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(logged);
    }

    private Path write(JsonObject content) throws IOException {
        return Files.write(folder.resolve("prices.json"), content.toBytes());
    }

    private static Cost price(CurrentPrices prices, String model) {
        return prices.price(Answers.of(model, A_MILLION_EACH).metered(), model, day("2026-11-22"));
    }

    private static BigDecimal total(CurrentPrices prices, String model) {
        return price(prices, model).total();
    }

    private long warnings() {
        return logged.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .count();
    }

    @Test
    void aModelOfTheOperatorReplacesTheBundledOneAsAWhole() throws IOException {
        CurrentPrices prices = CurrentPrices.withFile(write(OPUS_5_AT_15));
        // 1 + 2 + 3 + 4 + 5; the bundled fast mode and the us multiplier are gone with the rest.
        Answers fastInTheUs =
                Answers.of("claude-opus-5", A_MILLION_EACH).speed("fast").geo("us");
        assertThat(prices.price(fastInTheUs.metered(), "claude-opus-5", day("2026-11-22"))
                        .total())
                .isEqualByComparingTo(usd("15"));
        // 4 + 20 + 5 + 8 + 0.2: all others stay.
        assertThat(total(prices, "claude-opus-5-5")).isEqualByComparingTo(usd("37.2"));
    }

    @Test
    void aModelOfTheOperatorIsAdded() throws IOException {
        JsonObject added = model("claude-next-9", row()).with("aliases", List.of("next"));
        CurrentPrices prices = CurrentPrices.withFile(write(PriceFiles.with(added)));
        assertThat(price(prices, "next").unknownModel()).isFalse();
        assertThat(total(prices, "NEXT[1m]")).isEqualByComparingTo(usd("15"));
    }

    @Test
    void pricesThatHaveEndedStayInForce() throws IOException {
        CurrentPrices prices =
                CurrentPrices.withFile(write(PriceFiles.with(model("claude-old", days(null, "2026-01-01")))));
        assertThat(total(prices, "claude-old")).isEqualByComparingTo(usd("15"));
    }

    @Test
    void aRuleOfTheOperatorReplacesOnlyThatRule() throws IOException {
        JsonObject rules = JsonObject.empty().with("web_search_usd_per_request", new BigDecimal("0.02"));
        JsonObject file = JsonObject.empty()
                .with("schema_version", 1)
                .with("currency", "USD")
                .with("rules", rules);
        CurrentPrices prices = CurrentPrices.withFile(write(file));
        // 3 x 0.02 + 5 + 25 + 6.25 + 10 + 0.5 at the bundled fallback
        Answers searching = Answers.of("claude-next-9", A_MILLION_EACH).searching(3, 0);
        assertThat(prices.price(searching.metered(), "claude-next-9", day("2026-11-22"))
                        .total())
                .isEqualByComparingTo(usd("46.81"));
    }

    @Test
    void theStartFailsOnABadFileAndListsEveryProblem() throws IOException {
        Path file = write(PriceFiles.with(
                model("claude-opus-5", row().with("input", -1)),
                model("y", row()).with("aliases", List.of("claude-haiku-4-5"))));
        assertThatThrownBy(() -> CurrentPrices.withFile(file))
                .isInstanceOf(PriceFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("claude-opus-5: prices[0].input: must be from 0")
                .hasMessageContaining("the name claude-haiku-4-5 also belongs to");
    }

    @Test
    void theOperatorMayNotListAModelTwice() throws IOException {
        Path file = write(PriceFiles.with(model("z", row()), model("z", row())));
        assertThatThrownBy(() -> CurrentPrices.withFile(file)).hasMessageContaining("z: the name z also belongs to z");
    }

    @Test
    void theStartFailsOnAFileOfAnotherKind() throws IOException {
        Path rules = write(OPUS_5_AT_15.with("rules", 1));
        assertThatThrownBy(() -> CurrentPrices.withFile(rules)).hasMessageContaining("rules: must be an object");
        Path currency = write(OPUS_5_AT_15.with("currency", "EUR"));
        assertThatThrownBy(() -> CurrentPrices.withFile(currency)).hasMessageContaining("currency: must be USD");
        assertThatThrownBy(() -> CurrentPrices.withFile(folder.resolve("missing.json")))
                .hasMessageContaining("cannot be read: NoSuchFileException");
        Path large = Files.write(folder.resolve("large.json"), new byte[4 * 1024 * 1024 + 1]);
        assertThatThrownBy(() -> CurrentPrices.withFile(large)).hasMessageContaining("larger than 4 MiB");
    }

    @Test
    void aChangedFileIsTakenOverByReload() throws IOException {
        Path file = write(OPUS_5_AT_15);
        CurrentPrices prices = CurrentPrices.withFile(file);
        ModelPrices before = prices.table();
        write(PriceFiles.with(model("claude-opus-5", row().with("input", 100))));

        assertThat(total(prices, "claude-opus-5")).isEqualByComparingTo(usd("15"));
        assertThat(prices.reload()).isEmpty();
        assertThat(total(prices, "claude-opus-5")).isEqualByComparingTo(usd("114"));
        assertThat(before.price(Answers.of("claude-opus-5", A_MILLION_EACH).metered(), "x", day("2026-11-22"))
                        .total())
                .isEqualByComparingTo(usd("15"));
    }

    @Test
    void aBadFileKeepsTheLastGoodOneAndIsLoggedOnce() throws IOException {
        Path file = write(OPUS_5_AT_15);
        CurrentPrices prices = CurrentPrices.withFile(file);
        write(PriceFiles.with(model("claude-opus-5", row().with("input", -1))));

        String problem = "claude-opus-5: prices[0].input: must be from 0 to 1000000 with at most 12 decimals";
        assertThat(prices.reload()).containsExactly(problem);
        assertThat(prices.reload()).containsExactly(problem);
        assertThat(total(prices, "claude-opus-5")).isEqualByComparingTo(usd("15"));
        assertThat(warnings()).isEqualTo(1);

        write(PriceFiles.with(model("claude-opus-5", row().with("input", -2))));
        assertThat(prices.reload()).containsExactly(problem);
        assertThat(warnings()).isEqualTo(2);

        write(OPUS_5_AT_15);
        assertThat(prices.reload()).isEmpty();
        assertThat(warnings()).isEqualTo(2);
    }

    @Test
    void aVanishedFileKeepsTheLastGoodOneAndIsLoggedOnce() throws IOException {
        Path file = write(OPUS_5_AT_15);
        CurrentPrices prices = CurrentPrices.withFile(file);
        Files.delete(file);

        assertThat(prices.reload()).containsExactly("cannot be read: NoSuchFileException");
        assertThat(prices.reload()).containsExactly("cannot be read: NoSuchFileException");
        assertThat(total(prices, "claude-opus-5")).isEqualByComparingTo(usd("15"));
        assertThat(warnings()).isEqualTo(1);

        Files.createFile(file);
        assertThat(prices.reload()).containsExactly("expected a JSON object");
        assertThat(warnings()).isEqualTo(2);
    }

    @Test
    void anUnchangedFileIsNotTakenOverAgain() throws IOException {
        CurrentPrices prices = CurrentPrices.withFile(write(OPUS_5_AT_15));
        ModelPrices before = prices.table();
        assertThat(prices.reload()).isEmpty();
        assertThat(prices.table()).isSameAs(before);
    }

    @Test
    void bundledPricesHaveNothingToReload() {
        CurrentPrices prices = CurrentPrices.bundled();
        ModelPrices before = prices.table();
        assertThat(prices.reload()).isEmpty();
        assertThat(prices.table()).isSameAs(before);
    }

    @Test
    void aReaderNeverSeesHalfATable() throws Exception {
        JsonObject cheap = PriceFiles.with(model("a", row()), model("b", row()));
        JsonObject dear = PriceFiles.with(model("a", row().with("input", 101)), model("b", row().with("input", 101)));
        CurrentPrices prices = CurrentPrices.withFile(write(cheap));
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; i < 100; i++) {
                    write(i % 2 == 0 ? dear : cheap);
                    prices.reload();
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        writer.start();
        Answers both = Answers.of("a", Answers.tokens(0, 0))
                .withIterations(
                        Answers.step("message", "a", 1_000_000, 0), Answers.step("advisor_message", "b", 1_000_000, 0));
        while (writer.isAlive()) {
            BigDecimal total =
                    prices.price(both.metered(), "a", day("2026-11-22")).total();
            assertThat(total.stripTrailingZeros().toPlainString()).isIn("2", "202");
        }
        writer.join();
        assertThat(prices.reload()).isEmpty();
    }
}
