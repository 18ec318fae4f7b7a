package org.ccrelayer.internal.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.ccrelayer.internal.json.JsonObject;

/** A report on a predecessor's Redis, for people and for programs. Immutable. */
public final class ReportText {
    private static final int MOST_SENTENCES = 50;
    private static final int FIGURES = 7;

    private final String redis;
    private final PredecessorReport report;

    /** The report on the Redis of that name. */
    public ReportText(String redis, PredecessorReport report) {
        this.redis = redis;
        this.report = report;
    }

    /** For people: figures, then sentences; with ends of lines. */
    public String plain() {
        List<String> lines = new ArrayList<>();
        lines.add("Redis at " + redis + ", only read:");
        lines.add("");
        figure(report.accounts().size(), "API-key accounts", lines);
        figures(report.accountsByVerdict(), AccountVerdict::words, lines);
        figure(report.logins().size(), "consumer logins, which are never used and stay as they are", lines);
        figure(report.keys().size(), "relay keys", lines);
        figures(report.keysByVerdict(), KeyVerdict::words, lines);
        section("Will not work as before", report.missing(), lines);
        section("Means something else here", report.differences(), lines);
        section("Would be written", report.writes(), lines);
        return String.join("\n", lines) + "\n";
    }

    private static <V> void figures(Map<V, Long> counted, Function<V, String> words, List<String> lines) {
        counted.forEach((verdict, count) -> figure(count, "  " + words.apply(verdict), lines));
    }

    private static void figure(long figure, String words, List<String> lines) {
        lines.add(String.format(Locale.ROOT, "%" + FIGURES + "d  %s", figure, words));
    }

    private static void section(String title, List<String> sentences, List<String> lines) {
        lines.add("");
        lines.add(title + (sentences.isEmpty() ? ": nothing." : ":"));
        sentences.stream().limit(MOST_SENTENCES).forEach(sentence -> lines.add("  - " + sentence));
        if (sentences.size() > MOST_SENTENCES) {
            lines.add("  - and " + (sentences.size() - MOST_SENTENCES) + " more; --json tells all.");
        }
    }

    /** For programs: everything that was found, with verdicts such as {@code not-for-claude}. */
    public JsonObject json() {
        return JsonObject.build()
                .with("redis", redis)
                .with(
                        "accounts",
                        report.accounts().stream()
                                .map(account -> found(account.id(), account.name(), account.verdict())
                                        .with("problem", account.problem().isEmpty() ? null : account.problem()))
                                .toList())
                .with(
                        "consumerLogins",
                        report.logins().stream()
                                .map(login -> JsonObject.empty()
                                        .with("id", login.id())
                                        .with("name", login.name())
                                        .with("hasProxy", login.proxied()))
                                .toList())
                .with(
                        "relayKeys",
                        report.keys().stream()
                                .map(key -> found(key.id(), key.name(), key.verdict()))
                                .toList())
                .with("notAsBefore", report.missing())
                .with("meansSomethingElse", report.differences())
                .with("wouldWrite", report.writes())
                .end();
    }

    private static JsonObject found(String id, String name, Enum<?> verdict) {
        return JsonObject.empty()
                .with("id", id)
                .with("name", name)
                .with("verdict", verdict.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
