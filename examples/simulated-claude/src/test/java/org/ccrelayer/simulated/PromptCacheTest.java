package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptCacheTest {
    private static final String TEXT = "{\"type\":\"text\",\"text\":\"%s\"%s}";
    private static final String MARK = ",\"cache_control\":{\"type\":\"ephemeral\"}";
    private static final String MARK_1H = ",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";
    /** The tokens of a block of one letter. */
    private static final long BLOCK = 6;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private final PromptCache cache = new PromptCache(now::get);

    @Test
    void whatIsUpToTheMarkIsWrittenAndThenRead() {
        String body = messages(text("A", MARK), text("B", ""));
        assertCounts(answered(body), BLOCK, BLOCK, 0, 0);
        assertCounts(answered(body), BLOCK, 0, 0, BLOCK);
    }

    @Test
    void aLongerPromptReadsTheShorterOneAndWritesTheRest() {
        answered(messages(text("A", MARK)));
        assertCounts(answered(messages(text("A", ""), text("B", ""), text("C", MARK))), 0, 2 * BLOCK, 0, BLOCK);
        assertCounts(answered(messages(text("A", ""), text("B", ""), text("C", MARK))), 0, 0, 0, 3 * BLOCK);
    }

    @Test
    void tokensBelongToTheMarkThatFollowsThem() {
        String body = messages(text("A", ""), text("B", MARK_1H), text("C", MARK), text("D", ""));
        assertCounts(answered(body), BLOCK, BLOCK, 2 * BLOCK, 0);
    }

    @Test
    void nothingIsReadWithoutAMark() {
        answered(messages(text("A", MARK)));
        assertCounts(answered(messages(text("A", ""))), BLOCK, 0, 0, 0);
    }

    @Test
    void anEntryCanBeReadOnlyOnceItsAnswerHasBegun() {
        Prompt prompt = prompt(messages(text("A", MARK)));
        PromptTokens first = cache.look(List.of("key"), prompt);
        assertCounts(cache.look(List.of("key"), prompt), 0, BLOCK, 0, 0);
        first.answerBegins();
        assertCounts(cache.look(List.of("key"), prompt), 0, 0, 0, BLOCK);
    }

    @Test
    void anEntryLastsFiveMinutesFromItsLastUse() {
        String body = messages(text("A", MARK));
        answered(body);
        pass(Duration.ofMinutes(5).minusNanos(1));
        assertCounts(answered(body), 0, 0, 0, BLOCK);
        pass(Duration.ofMinutes(5).minusNanos(1));
        assertCounts(answered(body), 0, 0, 0, BLOCK);
        pass(Duration.ofMinutes(5));
        assertCounts(answered(body), 0, BLOCK, 0, 0);
    }

    @Test
    void anEntryOfAnHourLastsAnHourFromItsLastUse() {
        String body = messages(text("A", MARK_1H));
        answered(body);
        pass(Duration.ofHours(1).minusNanos(1));
        assertCounts(answered(body), 0, 0, 0, BLOCK);
        pass(Duration.ofHours(1));
        assertCounts(answered(body), 0, 0, BLOCK, 0);
    }

    @Test
    void anEntryLastsFromWhenItsAnswerBegan() {
        Prompt prompt = prompt(messages(text("A", MARK)));
        PromptTokens slow = cache.look(List.of("key"), prompt);
        pass(Duration.ofMinutes(4));
        slow.answerBegins();
        pass(Duration.ofMinutes(4));
        assertCounts(cache.look(List.of("key"), prompt), 0, 0, 0, BLOCK);
    }

    @Test
    void readingALongEntryKeepsTheShortOneInIt() {
        answered(messages(text("A", MARK)));
        answered(messages(text("A", ""), text("B", MARK_1H)));
        pass(Duration.ofMinutes(4));
        answered(messages(text("A", ""), text("B", MARK)));
        pass(Duration.ofMinutes(4));
        assertCounts(answered(messages(text("A", MARK))), 0, 0, 0, BLOCK);
    }

    @Test
    void everyCredentialHasAWorkspaceOfItsOwnUnlessToldOtherwise() {
        Prompt prompt = prompt(messages(text("A", MARK)));
        cache.workspace("key-1", "shared").workspace("key-2", "shared");
        cache.look(List.of("key-1"), prompt).answerBegins();
        assertCounts(cache.look(List.of("key-2"), prompt), 0, 0, 0, BLOCK);
        assertCounts(cache.look(List.of("key-3"), prompt), 0, BLOCK, 0, 0);
    }

    @Test
    void onlyWhatTheModelSeesMakesAPromptAnother() {
        String seen =
                "\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}],\"system\":\"S\",\"messages\":"
                        + "[{\"role\":\"user\",\"content\":[" + text("A", MARK) + "]}]";
        answered("{\"model\":\"m\"," + seen + "}");
        assertKnown("{\"metadata\":{\"user_id\":\"u\"},\"stream\":true," + seen + ",\"model\":\"m\"}");
        assertKnown("{\"model\":\"m\"," + seen.replace("\"S\"", "[" + text("S", "") + "]") + "}");
        assertKnown("{\"model\":\"m\"," + seen.replace(":[", " : [\n ") + "}");
        assertKnown("{\"model\":\"m\"," + seen.replace(MARK, MARK_1H) + "}");
        assertKnown(("{\"model\":\"m\"," + seen + "}")
                .replace("[" + text("A", MARK) + "]", "\"A\"}, {\"content\":[" + text("B", MARK) + "]"));
        assertUnknown("{\"model\":\"n\"," + seen + "}");
        assertUnknown("{\"model\":\"m\"," + seen.replace("\"t\"", "\"u\"") + "}");
        assertUnknown("{\"model\":\"m\"," + seen.replace("\"S\"", "\"s\"") + "}");
        assertUnknown("{\"model\":\"m\"," + seen.replace("user", "assistant") + "}");
        assertUnknown("{\"model\":\"m\"," + seen.replace("\"A\"", "\"A \"") + "}");
    }

    @Test
    void aMarkLooksBackTwentyBlocksItselfIncluded() {
        answered(messages(text("A", MARK)));
        assertThat(look(messages(text("A", ""), following(19))).cacheRead()).isEqualTo(BLOCK);
        assertThat(look(messages(text("A", ""), following(20))).cacheRead()).isZero();
        assertThat(look(messages(text("A", MARK), following(20))).cacheRead()).isEqualTo(BLOCK);
    }

    @Test
    void aMarkOnTheWholeRequestIsOneOnItsLastBlock() {
        String body = messages(text("A", ""), text("B", ""));
        body = body.substring(0, body.length() - 1) + MARK_1H + "}";
        assertCounts(answered(body), 0, 0, 2 * BLOCK, 0);
        assertCounts(answered(body), 0, 0, 0, 2 * BLOCK);
    }

    private static String following(int blocks) {
        return IntStream.rangeClosed(1, blocks)
                .mapToObj(number -> text("B", number == blocks ? MARK : ""))
                .collect(Collectors.joining(","));
    }

    private void assertKnown(String body) {
        assertThat(look(body).cacheRead()).as(body).isPositive();
    }

    private void assertUnknown(String body) {
        assertThat(look(body).cacheRead()).as(body).isZero();
    }

    private PromptTokens answered(String body) {
        PromptTokens tokens = look(body);
        tokens.answerBegins();
        return tokens;
    }

    private PromptTokens look(String body) {
        return cache.look(List.of("key"), prompt(body));
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private static void assertCounts(PromptTokens tokens, long input, long write5m, long write1h, long read) {
        assertThat(List.of(tokens.input(), tokens.cacheWrite5m(), tokens.cacheWrite1h(), tokens.cacheRead()))
                .containsExactly(input, write5m, write1h, read);
    }

    private static Prompt prompt(String body) {
        return Prompt.of(Json.members(body));
    }

    private static String text(String text, String mark) {
        return TEXT.formatted(text, mark);
    }

    private static String messages(String... blocks) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + String.join(",", blocks) + "]}]}";
    }
}
