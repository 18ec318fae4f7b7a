package org.ccrelayer.internal.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.health.UpstreamVerdicts;
import org.ccrelayer.internal.health.Verdict;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.metering.UsageMeter;
import org.ccrelayer.internal.outbound.ErrorScrubber;
import org.ccrelayer.internal.outbound.OutboundPolicy;
import org.ccrelayer.internal.upstream.UpstreamFailure;
import org.ccrelayer.internal.upstream.UpstreamListener;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * The way back: an answer is streamed, a refusal is read and either told or mended by another account, a failure
 * likewise. Safe for concurrent use; never blocks.
 */
final class Answering {
    private static final String SHOULD_RETRY = "x-should-retry";

    private final OutboundPolicy outbound;
    private final Deadlines deadlines;
    private final RelayResources resources;
    private final AccountJudge judge;
    private final NextTry next;
    private final Renewal renewal;
    private final ErrorScrubber scrubber = new ErrorScrubber();

    Answering(
            OutboundPolicy outbound,
            Deadlines deadlines,
            RelayResources resources,
            AccountJudge judge,
            NextTry next,
            Renewal.Again renewed) {
        this.outbound = outbound;
        this.deadlines = deadlines;
        this.resources = resources;
        this.judge = judge;
        this.next = next;
        this.renewal = new Renewal(resources.executor(), renewed);
    }

    UpstreamListener listener(Exchange exchange, UpstreamAttempt attempt) {
        return new UpstreamListener() {
            @Override
            public void answered(int status, HttpFields headers, Content.Source body) {
                guarded(exchange, attempt, () -> {
                    attempt.answered(status);
                    judge.answered(attempt, headers);
                    if (status < 300) {
                        stream(exchange, attempt, status, headers, body);
                    } else {
                        read(
                                exchange,
                                attempt,
                                body,
                                explanation -> refused(
                                        exchange,
                                        attempt,
                                        new UpstreamRefusal(
                                                status,
                                                headers,
                                                explanation,
                                                judge.refused(attempt, status, headers, explanation))));
                    }
                });
            }

            @Override
            public void failed(UpstreamFailure failure) {
                ending(exchange, attempt, () -> {
                    judge.failed(exchange, attempt, failure);
                    attempt.end(outcome(exchange, failure), failure.kind().words());
                    afterFailure(exchange, failure);
                });
            }
        };
    }

    /** A second upstream that does not answer in time would only make the client wait longer for nothing. */
    private void afterFailure(Exchange exchange, UpstreamFailure failure) {
        Setback setback = new Setback.Failed(told(exchange, failure));
        boolean again = failure.kind() == UpstreamFailure.Kind.TIMEOUT && exchange.timedOutBefore();
        next.after(exchange, setback, !again);
    }

    /** Runs a part of the way back; whatever it throws ends the exchange, since nobody else would. */
    private void guarded(Exchange exchange, UpstreamAttempt attempt, Runnable part) {
        try {
            part.run();
        } catch (RuntimeException | Error e) {
            attempt.cancel(e);
            resources.store().finish(() -> {
                attempt.end(Outcome.INTERNAL_ERROR, "failed");
                exchange.fail(new RelayException(Outcome.INTERNAL_ERROR, Outcome.INTERNAL_ERROR.message(), e));
            });
        }
    }

    /** As {@link #guarded} for a part that ends the attempt, where that may wait for the store. */
    private void ending(Exchange exchange, UpstreamAttempt attempt, Runnable part) {
        resources.store().finish(() -> guarded(exchange, attempt, part));
    }

    /** Reads a refusal, and tells it when its connection is free for the next attempt. */
    private void read(
            Exchange exchange, UpstreamAttempt attempt, Content.Source body, Consumer<Optional<byte[]>> receiver) {
        new RefusalReader(body, silence(attempt), explanation -> {
                    Runnable told = () -> ending(exchange, attempt, () -> receiver.accept(explanation));
                    if (!attempt.awaitRelease(told)) {
                        told.run();
                    }
                })
                .run();
    }

    private SilenceWatch silence(UpstreamAttempt attempt) {
        return SilenceWatch.of(
                resources.scheduler(),
                deadlines.silence(),
                () -> attempt.cancel(new TimeoutException("the upstream fell silent")));
    }

    private void stream(
            Exchange exchange, UpstreamAttempt attempt, int status, HttpFields headers, Content.Source body) {
        UsageMeter meter =
                UsageMeter.forAnswer(headers.get(HttpHeader.CONTENT_TYPE), headers.get(HttpHeader.CONTENT_ENCODING));
        attempt.metered(meter);
        AnswerIntake intake = new AnswerIntake(body, meter, silence(attempt), resources.buffers());
        AnswerStream.Answer answer = new AnswerStream.Answer(status, outbound.upstreamToClient(headers), intake);
        new AnswerStream(exchange, attempt, answer, resources, mender(headers)).start();
    }

    private AnswerStream.Mender mender(HttpFields headers) {
        return new AnswerStream.Mender() {
            @Override
            public void broken(Exchange exchange, UpstreamAttempt attempt, Throwable cause) {
                ending(exchange, attempt, () -> Answering.this.broken(exchange, attempt, cause));
            }

            @Override
            public void refused(
                    Exchange exchange, UpstreamAttempt attempt, String errorType, Optional<byte[]> explanation) {
                Verdict verdict = judge.refusedInStream(attempt, errorType, explanation);
                HttpFields told = HttpFields.build(headers)
                        .remove(HttpHeader.CONTENT_ENCODING)
                        .asImmutable();
                int status = UpstreamVerdicts.statusOf(errorType);
                UpstreamRefusal refusal = new UpstreamRefusal(status, told, explanation, verdict);
                ending(exchange, attempt, () -> Answering.this.refused(exchange, attempt, refusal));
            }
        };
    }

    private void broken(Exchange exchange, UpstreamAttempt attempt, Throwable cause) {
        Outcome outcome = exchange.stopped().orElse(Outcome.UPSTREAM_BROKEN);
        judge.broken(exchange, attempt);
        attempt.end(outcome, "broke off");
        next.after(exchange, new Setback.Failed(new RelayException(outcome, outcome.message(), cause)), true);
    }

    private void refused(Exchange exchange, UpstreamAttempt attempt, UpstreamRefusal refusal) {
        Verdict verdict = refusal.verdict();
        Setback setback = setback(exchange, attempt, refusal);
        if (renewal.begins(exchange, attempt, refusal.status(), setback)) {
            return;
        }
        attempt.end(Outcome.UPSTREAM_REFUSED, "refused with " + refusal.status());
        if (verdict.passesInAMoment()) {
            exchange.inPlace().busy(attempt.account().id());
        }
        boolean elsewhere = refusal.status() < 400 || verdict.anotherMayHelp();
        if (elsewhere || verdict.passesInAMoment()) {
            next.after(exchange, setback, elsewhere);
        } else {
            setback.deliver(exchange);
        }
    }

    private Setback setback(Exchange exchange, UpstreamAttempt attempt, UpstreamRefusal refusal) {
        if (refusal.status() < 400) {
            return new Setback.Failed(new RelayException(
                    Outcome.UPSTREAM_UNREACHABLE,
                    "The upstream answered with a redirect, which the relay does not follow."));
        }
        Duration wait = refusal.verdict().retryAfter();
        return told(attempt, refusal, wait == null ? null : exchange.now().plus(wait));
    }

    private Setback told(UpstreamAttempt attempt, UpstreamRefusal refusal, @Nullable Instant back) {
        int status = refusal.status();
        Optional<byte[]> explanation = refusal.explanation();
        HttpFields.Mutable headers = outbound.upstreamToClient(refusal.headers());
        boolean readable = !headers.contains(HttpHeader.CONTENT_ENCODING)
                || headers.contains(HttpHeader.CONTENT_ENCODING, "identity");
        byte[] body = explanation
                .filter(bytes -> readable)
                .map(bytes -> scrubber.scrub(
                        status, bytes, attempt.account(), attempt.credential().secret()))
                .orElseGet(() -> scrubber.generic(status));
        if (explanation.isEmpty() || !readable) {
            body = withId(body, headers.get("request-id"));
        }
        String type = headers.get(HttpHeader.CONTENT_TYPE);
        boolean event = type != null && type.startsWith("text/event-stream");
        if (explanation.isEmpty() || event || body != explanation.get()) {
            headers.remove(HttpHeader.CONTENT_ENCODING);
            headers.put(HttpHeader.CONTENT_TYPE, "application/json");
        }
        headers.put(HttpHeader.CONTENT_LENGTH, body.length);
        if (status == 401 && !headers.contains(SHOULD_RETRY)) {
            // The account's credential is at fault: the client's own retries would only wait.
            headers.put(SHOULD_RETRY, "false");
        }
        return new Setback.Refused(status, headers.asImmutable(), body, back);
    }

    private static byte[] withId(byte[] error, @Nullable String id) {
        return id == null
                ? error
                : JsonObject.parse(error).with("request_id", id).toBytes();
    }

    private static Outcome outcome(Exchange exchange, UpstreamFailure failure) {
        return switch (failure.kind()) {
            case UNREACHABLE, ADDRESS_REFUSED -> Outcome.UPSTREAM_UNREACHABLE;
            case PROXY_UNREACHABLE, PROXY_REFUSED, PROXY_LOGIN_REFUSED, PROXY_TIMED_OUT, PROXY_BROKEN ->
                Outcome.PROXY_FAILED;
            case TLS_FAILED, TLS_TIMED_OUT, TLS_NOT_PINNED, TLS_UNUSABLE -> Outcome.TLS_FAILED;
            case TIMEOUT -> Outcome.UPSTREAM_TIMEOUT;
            case CANCELLED -> exchange.stopped().orElse(Outcome.UPSTREAM_UNREACHABLE);
        };
    }

    private static RelayException told(Exchange exchange, UpstreamFailure failure) {
        Outcome outcome = outcome(exchange, failure);
        return new RelayException(outcome, outcome.message(), failure.cause());
    }
}
