package org.ccrelayer.internal.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.event.RelayListener;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.Tokens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one line per exchange: ids, figures and endings, never a header, a body or a key. Safe for concurrent use. */
public final class RequestLog implements RelayListener {
    private static final Logger LOG = LoggerFactory.getLogger("org.ccrelayer.requests");
    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9._:@/\\[\\]-]");
    private static final int LONGEST_NAME = 100;

    @Override
    public void exchangeEnded(RequestSummary summary) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        List<Attempt> attempts = summary.attempts();
        Tokens tokens = attempts.stream().map(attempt -> attempt.row().tokens()).reduce(Tokens.NONE, Tokens::plus);
        long nanoUsd = attempts.stream()
                .mapToLong(attempt -> attempt.row().costNanoUsd())
                .sum();
        long counted = attempts.stream()
                .mapToLong(attempt -> attempt.row().countedNanoUsd())
                .sum();
        LOG.info(
                "{} {} {} status={} outcome={} key={} model={} stream={} attempts={} in={} out={} cache_write={}"
                        + " cache_read={} usd={} counted_usd={} shadowed={} request_bytes={} response_bytes={} ms={}",
                summary.exchangeId(),
                summary.method(),
                summary.path(),
                summary.status(),
                summary.outcome(),
                summary.keyId().orElse("-"),
                summary.model().map(RequestLog::plain).orElse("-"),
                summary.streaming(),
                describe(attempts),
                tokens.input(),
                tokens.output(),
                tokens.cacheWrite5m() + tokens.cacheWrite1h(),
                tokens.cacheRead(),
                Cost.usd(nanoUsd).toPlainString(),
                Cost.usd(counted).toPlainString(),
                summary.shadowed()
                        .map(limit -> limit.name().toLowerCase(Locale.ROOT))
                        .orElse("-"),
                summary.requestBytes(),
                summary.responseBytes(),
                summary.duration().toMillis());
    }

    /** A name from outside in a form that cannot pass for other fields of the line. */
    private static String plain(String name) {
        String safe = NOT_PLAIN.matcher(name).replaceAll("?");
        return safe.length() > LONGEST_NAME ? safe.substring(0, LONGEST_NAME) : safe;
    }

    private static String describe(List<Attempt> attempts) {
        return attempts.stream()
                .map(attempt -> attempt.row().accountId() + ":"
                        + attempt.row().state().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
