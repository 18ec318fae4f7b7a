package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.account.Account;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.internal.credential.Credential;
import org.ccrelayer.internal.health.Verdict;
import org.ccrelayer.internal.metering.UsageMeter;
import org.ccrelayer.internal.routing.Turn;
import org.ccrelayer.internal.settlement.AttemptEnd;
import org.ccrelayer.internal.settlement.AttemptStart;
import org.ccrelayer.internal.settlement.UsageLedger;
import org.ccrelayer.internal.upstream.UpstreamExchange;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.UsageRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try at one account while it is under way; it is booked once. Driven by one thread at a time; only {@link #cancel} may come
 * from any.
 */
final class UpstreamAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamAttempt.class);

    private final Exchange exchange;
    private final Account account;
    private final UsageLedger ledger;
    private final Turn turn;
    private final AttemptStart start;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final boolean renewed;
    private volatile @Nullable CompletableFuture<Credential> credential;
    private volatile @Nullable UpstreamExchange upstream;
    private @Nullable UsageMeter meter;
    private volatile OptionalInt status = OptionalInt.empty();
    private volatile @Nullable Runnable carrier;
    private volatile @Nullable Verdict verdict;
    private volatile boolean opened;

    UpstreamAttempt(Exchange exchange, Turn turn, UsageLedger ledger) {
        this(exchange, turn, ledger, false);
    }

    private UpstreamAttempt(Exchange exchange, Turn turn, UsageLedger ledger, boolean renewed) {
        this.renewed = renewed;
        this.exchange = exchange;
        this.account = turn.account();
        this.ledger = ledger;
        this.turn = turn;
        this.start = new AttemptStart(
                exchange.id() + "-" + exchange.nextAttempt(),
                exchange.id(),
                requireNonNull(exchange.key()).id(),
                account.id(),
                exchange.facts().model(),
                exchange.permit().worstNanoUsd(),
                exchange.permit().rate(),
                exchange.permit().at(),
                exchange.now());
    }

    /** Opens its row in the ledger, before anything is sent. */
    void open() {
        ledger.open(start);
        opened = true;
        exchange.opened();
    }

    /** What it is sent with, once that is there; nobody waits for it any longer when the try is given up. */
    CompletableFuture<Credential> awaiting(CompletionStage<Credential> stage) {
        CompletableFuture<Credential> awaited = stage.toCompletableFuture().copy();
        credential = awaited;
        if (exchange.stopped().isPresent()) {
            cancel(new CancellationException("stopped before it was sent"));
        }
        return awaited;
    }

    /** What it was sent with. */
    Credential credential() {
        return requireNonNull(credential).join();
    }

    /** Whether it may be made again with another credential, as no try before it was. */
    boolean renewable() {
        return !renewed && credential().renewable();
    }

    /** The family of the model that is asked for; empty where it is not known. */
    String family() {
        return turn.family();
    }

    /** What it tells of the account; only the first verdict counts. */
    void judged(Verdict judgement) {
        if (verdict == null) {
            verdict = judgement;
        }
    }

    Account account() {
        return account;
    }

    void upstream(UpstreamExchange prepared) {
        this.upstream = prepared;
    }

    void send(Duration headerTimeout) {
        UpstreamExchange prepared = requireNonNull(upstream);
        prepared.send(headerTimeout);
        if (exchange.stopped().isPresent()) {
            prepared.cancel(new CancellationException("stopped while it was being sent"));
        }
    }

    /** Gives the try up; its end is told as a failure where it is being driven. */
    void cancel(Throwable cause) {
        CompletableFuture<Credential> awaited = credential;
        if (awaited != null) {
            awaited.completeExceptionally(cause);
        }
        UpstreamExchange prepared = upstream;
        if (prepared != null) {
            prepared.cancel(cause);
        }
    }

    /** Whether the upstream's connection is still held, in which case {@code task} runs when it is not. */
    boolean awaitRelease(Runnable task) {
        return requireNonNull(upstream).awaitRelease(task);
    }

    /** Whether its answer is awaited or being read, so that there is something to be read on. Safe for concurrent use. */
    boolean underWay() {
        UpstreamExchange prepared = upstream;
        return !ended.get() && prepared != null && prepared.sent() && status.orElse(200) < 300;
    }

    /** Its answer is carried to the client by what {@code noticing} tells, in any thread, that the client is gone. */
    void carriedBy(Runnable noticing) {
        carrier = noticing;
    }

    /** What to tell that the client is gone; nothing while no answer is carried. */
    Optional<Runnable> carrier() {
        return Optional.ofNullable(carrier);
    }

    void answered(int answeredStatus) {
        status = OptionalInt.of(answeredStatus);
        if (answeredStatus < 300) {
            ledger.streaming(start.attemptId());
        }
    }

    void metered(UsageMeter answerMeter) {
        meter = answerMeter;
    }

    /**
     * Sees to it that what the answer named since this was asked last is known before any of that is handed on.
     *
     * @param resources run what may block
     * @param known run when all is known, where that takes a while
     * @return whether {@code known} is still to come
     */
    boolean keepMade(RelayResources resources, Runnable known) {
        List<ObjectId> made = meter == null || status.orElse(0) != 200 ? List.of() : meter.takeMade();
        if (made.isEmpty()) {
            return false;
        }
        boolean blocks = made.stream().anyMatch(object -> object.kind().lasting());
        if (blocks) {
            keepLater(made, resources, known);
        } else {
            turn.made(made);
        }
        return blocks;
    }

    private void keepLater(List<ObjectId> made, RelayResources resources, Runnable known) {
        Runnable keeping = () -> {
            try {
                turn.made(made);
            } finally {
                known.run();
            }
        };
        try {
            resources.executor().execute(keeping);
        } catch (RejectedExecutionException e) {
            resources.store().finish(keeping);
        }
    }

    /** The first of its answer is about to be handed on: whoever waits for that does not wait for the end. */
    void works() {
        if (verdict == null && meter != null && meter.result().started()) {
            turn.works();
        }
    }

    /** Books the try; the next one has its place on the account. To be called instead of {@link #end}. */
    UpstreamAttempt again(Outcome outcome, String reason) {
        if (ended.compareAndSet(false, true)) {
            book(outcome, reason, MeteredAnswer.NOTHING);
        }
        return new UpstreamAttempt(exchange, turn, ledger, true);
    }

    /** Whether it was booked, or is being booked. */
    boolean ended() {
        return ended.get();
    }

    /** Books the try, and gives its place on the account back; may wait for the store. Only the first call counts. */
    void end(Outcome outcome, String reason) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        MeteredAnswer answer = meter == null ? MeteredAnswer.NOTHING : meter.result();
        if (answer.started()) {
            judged(Verdict.ok(turn.family()));
        }
        if (meter != null && meter.thought()) {
            turn.thought();
        }
        try {
            turn.done(verdict);
        } finally {
            if (opened) {
                book(outcome, reason, answer);
            }
        }
    }

    private void book(Outcome outcome, String reason, MeteredAnswer answer) {
        if (meter != null) {
            meter.close();
        }
        UpstreamExchange prepared = upstream;
        boolean sent = prepared != null && prepared.sent();
        boolean refused = status.isPresent() && status.getAsInt() >= 300;
        try {
            UsageRecord row = ledger.settle(new AttemptEnd(start, sent, refused, answer));
            Duration duration = Duration.between(start.startedAt(), row.endedAt());
            exchange.attempted(new Attempt(row, status, outcome, reason, duration));
        } catch (RuntimeException e) {
            ledger.giveUp(start);
            // The exchange must end all the same; the figures are kept where somebody can find them.
            LOG.error(
                    "{} could not be booked: account={} usage={}", start.attemptId(), account.id(), answer.usage(), e);
        }
    }
}
