package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.ccrelayer.account.Account;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.http.ReplayableBody;
import org.ccrelayer.internal.admission.AdmissionControl;
import org.ccrelayer.internal.authentication.ApiKeyAuthenticator;
import org.ccrelayer.internal.credential.Credential;
import org.ccrelayer.internal.credential.CredentialSource;
import org.ccrelayer.internal.envelope.Envelope;
import org.ccrelayer.internal.envelope.EnvelopeReader;
import org.ccrelayer.internal.envelope.RequestBody;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.json.JsonText;
import org.ccrelayer.internal.outbound.OutboundPolicy;
import org.ccrelayer.internal.outbound.UpstreamRequest;
import org.ccrelayer.internal.routing.Asking;
import org.ccrelayer.internal.routing.Lookup;
import org.ccrelayer.internal.routing.Router;
import org.ccrelayer.internal.routing.Turn;
import org.ccrelayer.internal.settlement.UsageLedger;
import org.ccrelayer.internal.upstream.UpstreamClient;

/**
 * The way of a request, top to bottom: authenticate, read the envelope, admit, route, find the credential, apply the
 * outbound policy, send. The answer comes back through {@link Answering}, which may send the exchange round again as
 * long as nothing was handed to the client. Safe for concurrent use.
 */
public final class RelayPipeline {
    /** The stages, in the order in which a request meets them. */
    public record Stages(
            ApiKeyAuthenticator authenticator,
            EnvelopeReader envelopes,
            AdmissionControl admission,
            Router router,
            CredentialSource credentials,
            OutboundPolicy outbound,
            UpstreamClient upstreams,
            UsageLedger ledger,
            AccountJudge judge,
            RetryBudget retries,
            BackOff backOff,
            String boundElsewhere) {}

    private final Stages stages;
    private final Exchanges exchanges;
    private final Deadlines deadlines;
    private final Answering answering;
    private final NextTry next;
    private final NoAccount noAccount;
    private final Authorization authorization;
    private final StoreWork store;

    /** A pipeline of those stages. */
    public RelayPipeline(Stages stages, Exchanges exchanges, Deadlines deadlines, RelayResources resources) {
        this.stages = requireNonNull(stages, "stages");
        this.noAccount = new NoAccount(stages.boundElsewhere());
        this.exchanges = requireNonNull(exchanges, "exchanges");
        this.deadlines = requireNonNull(deadlines, "deadlines");
        this.next = new NextTry(deadlines, stages.retries(), stages.backOff(), resources, this::attempt);
        this.answering = new Answering(stages.outbound(), deadlines, resources, stages.judge(), next, this::renewed);
        this.store = resources.store();
        this.authorization = new Authorization(stages.credentials(), deadlines, resources, stages.judge(), next);
    }

    /** Takes a request; returns at once, the answer comes when it comes. */
    public void handle(ClientRequest clientRequest, ClientResponse clientResponse) {
        Exchange exchange = exchanges.begin(clientRequest, clientResponse);
        onWorker(exchange, () -> {
            exchanges.refuseWhenDraining();
            exchange.authenticated(stages.authenticator().authenticate(clientRequest.headers(), clientRequest.query()));
            clientRequest.onGone(exchange::clientGone);
            stages.envelopes().read(clientRequest, new EnvelopeReader.Receiver() {
                @Override
                public void received(Envelope envelope) {
                    exchange.read(envelope);
                    onWorker(exchange, () -> admit(exchange));
                }

                @Override
                public void failed(RelayException failure) {
                    exchange.fail(failure);
                }
            });
        });
    }

    /** What routing asks the store for is on its way with the claim: both are waited for once. */
    private void admit(Exchange exchange) {
        exchange.lookedUp(lookup(exchange));
        exchange.admitted(stages.admission().admit(requireNonNull(exchange.key()), exchange.id(), exchange.facts()));
        stages.retries().request();
        attempt(exchange);
    }

    private void attempt(Exchange exchange) {
        guarded(exchange, () -> {
            refuseWhenStopped(exchange);
            if (exchange.permit().cover()) {
                route(exchange);
            } else if (exchange.setbacks().isEmpty()) {
                throw new RelayException(Outcome.BUDGET_RESERVED).retryAfter(Duration.ofSeconds(1));
            } else {
                next.tell(exchange);
            }
        });
    }

    private void route(Exchange exchange) {
        Asking asking = asking(exchange);
        Router.Routed routed = stages.router().route(asking);
        if (routed.turn().isPresent()) {
            send(exchange, routed.turn().get());
        } else if (exchange.setbacks().isEmpty()) {
            throw noAccount.of(exchange, asking, routed.route());
        } else {
            next.noOther(exchange, routed.route().soonestBack().orElse(null));
        }
    }

    private Lookup lookup(Exchange exchange) {
        return stages.router()
                .lookup(exchange.clientRequest().headers(), exchange.facts(), requireNonNull(exchange.key()));
    }

    private Asking asking(Exchange exchange) {
        Lookup lookup = exchange.takeLookup().orElseGet(() -> lookup(exchange));
        Asking asking = stages.router().asking(lookup, exchange.tried());
        return exchange.inPlace().takeDue().map(asking::onceMore).orElse(asking);
    }

    private void send(Exchange exchange, Turn turn) {
        UpstreamAttempt attempt = new UpstreamAttempt(exchange, turn, stages.ledger());
        exchange.attempting(attempt);
        send(exchange, attempt);
    }

    /** Makes an attempt; where a token must be obtained first, it goes on when that has come. */
    private void send(Exchange exchange, UpstreamAttempt attempt) {
        authorization.of(exchange, attempt, credential -> send(exchange, attempt, credential));
    }

    private void send(Exchange exchange, UpstreamAttempt attempt, Credential credential) {
        refuseWhenStopped(exchange);
        Account account = attempt.account();
        Duration headerTimeout = deadlines.untilHeaders(exchange);
        UpstreamRequest upstreamRequest = stages.outbound()
                .clientToUpstream(exchange.clientRequest(), body(exchange, account), account, credential);
        attempt.upstream(stages.upstreams().prepare(upstreamRequest, answering.listener(exchange, attempt)));
        attempt.open();
        refuseWhenStopped(exchange);
        attempt.send(headerTimeout);
    }

    /** Makes an attempt that follows one whose token was refused. */
    private void renewed(Exchange exchange, UpstreamAttempt attempt, Credential refused) {
        guarded(exchange, () -> {
            refuseWhenStopped(exchange);
            stages.credentials().refused(attempt.account(), refused);
            if (exchange.permit().cover()) {
                send(exchange, attempt);
            } else {
                next.tell(exchange);
            }
        });
    }

    /** The body as it came, but for the name of a model that the account knows by another one. */
    private static ReplayableBody body(Exchange exchange, Account account) {
        RequestFacts facts = exchange.facts();
        String name = account.routing().upstreamName(facts.model());
        RequestBody body = exchange.envelope().body();
        if (name.equals(facts.model())) {
            return body;
        }
        if (facts.modelStart() < 0) {
            throw new RelayException(
                    Outcome.INVALID_REQUEST,
                    "content-encoding: must be left out for the model " + facts.model()
                            + ", whose name the relay must change in the body.");
        }
        return body.withReplaced(facts.modelStart(), facts.modelEnd(), JsonText.quoted(name));
    }

    private static void refuseWhenStopped(Exchange exchange) {
        exchange.unwanted().ifPresent(reason -> {
            throw new RelayException(reason);
        });
    }

    /** Runs a part of the way that may wait for the store. */
    private void onWorker(Exchange exchange, Runnable part) {
        try {
            store.begin(() -> guarded(exchange, part));
        } catch (RejectedExecutionException e) {
            exchange.fail(new RelayException(Outcome.RELAY_BUSY).retryAfter(Duration.ofSeconds(1)));
        }
    }

    /** Runs a part of the way; whatever it throws ends the exchange. */
    static void guarded(Exchange exchange, Runnable part) {
        Optional<RelayException> failure = Optional.empty();
        try {
            part.run();
        } catch (RelayException e) {
            failure = Optional.of(e);
        } catch (RuntimeException | Error e) {
            failure = Optional.of(new RelayException(Outcome.INTERNAL_ERROR, Outcome.INTERNAL_ERROR.message(), e));
        }
        failure.ifPresent(exchange::fail);
    }
}
