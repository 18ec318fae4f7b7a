package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.ccrelayer.account.Account;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.internal.admission.AdmissionControl;
import org.ccrelayer.internal.authentication.ApiKeyAuthenticator;
import org.ccrelayer.internal.credential.CredentialSource;
import org.ccrelayer.internal.envelope.Envelope;
import org.ccrelayer.internal.envelope.EnvelopeReader;
import org.ccrelayer.internal.outbound.OutboundPolicy;
import org.ccrelayer.internal.outbound.UpstreamRequest;
import org.ccrelayer.internal.routing.Route;
import org.ccrelayer.internal.routing.Router;
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
            UsageLedger ledger) {}

    private final Stages stages;
    private final Exchanges exchanges;
    private final Deadlines deadlines;
    private final Answering answering;

    /** A pipeline of those stages. */
    public RelayPipeline(Stages stages, Exchanges exchanges, Deadlines deadlines, RelayResources resources) {
        this.stages = requireNonNull(stages, "stages");
        this.exchanges = requireNonNull(exchanges, "exchanges");
        this.deadlines = requireNonNull(deadlines, "deadlines");
        this.answering = new Answering(stages.outbound(), deadlines, resources, this::attempt);
    }

    /** Takes a request; returns at once, the answer comes when it comes. */
    public void handle(ClientRequest clientRequest, ClientResponse clientResponse) {
        Exchange exchange = exchanges.begin(clientRequest, clientResponse);
        guarded(exchange, () -> {
            exchanges.refuseWhenDraining();
            exchange.authenticated(stages.authenticator().authenticate(clientRequest.headers(), clientRequest.query()));
            clientRequest.onGone(exchange::clientGone);
            stages.envelopes().read(clientRequest, new EnvelopeReader.Receiver() {
                @Override
                public void received(Envelope envelope) {
                    guarded(exchange, () -> admit(exchange, envelope));
                }

                @Override
                public void failed(RelayException failure) {
                    exchange.fail(failure);
                }
            });
        });
    }

    private void admit(Exchange exchange, Envelope envelope) {
        exchange.read(envelope);
        exchange.admitted(stages.admission().admit(requireNonNull(exchange.key()), exchange.id(), envelope.facts()));
        attempt(exchange);
    }

    private void attempt(Exchange exchange) {
        guarded(exchange, () -> {
            refuseWhenStopped(exchange);
            Route route = stages.router().route(exchange.facts(), exchange.tried());
            if (route.chosen().isEmpty()) {
                exchange.setback().orElseGet(() -> noAccount(exchange)).deliver(exchange);
            } else if (!exchange.permit().cover()) {
                exchange.setback().orElseGet(RelayPipeline::noRoom).deliver(exchange);
            } else {
                send(exchange, route.chosen().get());
            }
        });
    }

    private void send(Exchange exchange, Account account) {
        Duration headerTimeout = deadlines.untilHeaders(exchange);
        UpstreamAttempt attempt = new UpstreamAttempt(exchange, account, stages.ledger());
        UpstreamRequest upstreamRequest = stages.outbound()
                .clientToUpstream(
                        exchange.clientRequest(),
                        exchange.envelope().body(),
                        account,
                        stages.credentials().of(account));
        attempt.upstream(stages.upstreams().prepare(upstreamRequest, answering.listener(exchange, attempt)));
        attempt.open();
        exchange.attempting(attempt);
        attempt.send(headerTimeout);
    }

    private static void refuseWhenStopped(Exchange exchange) {
        exchange.unwanted().ifPresent(reason -> {
            throw new RelayException(reason);
        });
    }

    private static Setback noAccount(Exchange exchange) {
        return new Setback.Failed(new RelayException(
                Outcome.NO_ACCOUNT,
                "No upstream account of this relay can serve the model "
                        + exchange.facts().model() + ". Its operator can add or enable one."));
    }

    private static Setback noRoom() {
        return new Setback.Failed(new RelayException(Outcome.BUDGET_RESERVED).retryAfter(Duration.ofSeconds(1)));
    }

    /** Runs a part of the way; whatever it throws ends the exchange. */
    private static void guarded(Exchange exchange, Runnable part) {
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
