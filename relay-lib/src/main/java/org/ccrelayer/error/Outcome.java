package org.ccrelayer.error;

/**
 * How an exchange ended: a closed list, one constant per ending. The status and error type are what the client is told
 * when nothing of an answer was sent before; the types are those of the Claude API's error shape.
 */
public enum Outcome {
    /** The upstream's whole answer was delivered. */
    COMPLETED(Fault.NONE, 200, "", "The request was answered."),
    /** The upstream refused the request and its refusal was delivered. */
    UPSTREAM_REFUSED(Fault.UPSTREAM, 200, "", "The upstream refused the request."),
    /** Answered by the relay itself, without an upstream. */
    ANSWERED_LOCALLY(Fault.NONE, 200, "", "The request was answered by the relay."),

    /** The request is not one the relay can forward. */
    INVALID_REQUEST(Fault.CLIENT, 400, "invalid_request_error", "The request is not valid."),
    /** No usable relay key: missing, unknown, disabled or expired, deliberately not told apart. */
    UNAUTHENTICATED(
            Fault.CLIENT,
            401,
            "authentication_error",
            "The relay key is missing or not valid. Send a valid relay key as x-api-key or as Authorization: Bearer."),
    /** The relay key may not do this. */
    FORBIDDEN(Fault.CLIENT, 403, "permission_error", "This relay key may not do that."),
    /** No such endpoint here. */
    NOT_FOUND(Fault.CLIENT, 404, "not_found_error", "There is no such endpoint on this relay."),
    /** The request names something that its relay key does not have. */
    UNKNOWN_OBJECT(
            Fault.CLIENT, 404, "not_found_error", "The request names something that this relay key does not have."),
    /** The client stopped sending its body. */
    BODY_TIMEOUT(Fault.CLIENT, 408, "invalid_request_error", "The request body did not arrive in time."),
    /** The request body is larger than allowed. */
    BODY_TOO_LARGE(Fault.CLIENT, 413, "request_too_large", "The request body is too large."),
    /** The request body has a content coding that the relay cannot read. */
    UNSUPPORTED_ENCODING(
            Fault.CLIENT, 415, "invalid_request_error", "The content-encoding of the request is not supported."),
    /** Too many attempts to log in. */
    THROTTLED(Fault.CLIENT, 429, "rate_limit_error", "Too many attempts. Wait before trying again."),
    /** The relay key runs as many requests at the same time as it may. */
    CONCURRENCY_LIMITED(
            Fault.CLIENT, 429, "rate_limit_error", "This relay key runs as many requests at the same time as it may."),
    /** The relay key used up its rate limit for the running window. */
    RATE_LIMITED(Fault.CLIENT, 429, "rate_limit_error", "The rate limit of this relay key is used up."),
    /** A budget of the relay key is spent. */
    BUDGET_SPENT(Fault.CLIENT, 429, "billing_error", "A budget of this relay key is spent."),
    /** Running requests have reserved what is left of a budget. */
    BUDGET_RESERVED(Fault.CLIENT, 429, "rate_limit_error", "Running requests have reserved what is left of a budget."),
    /** The request may cost more than what is left of a budget. */
    BUDGET_TOO_SMALL(Fault.CLIENT, 429, "billing_error", "This request may cost more than what is left of a budget."),
    /** The client went away before the answer was complete. */
    CLIENT_GONE(Fault.CLIENT, 499, "api_error", "The client closed the connection."),

    /** Memory for request bodies is used up for the moment. */
    RELAY_BUSY(Fault.RELAY, 503, "overloaded_error", "The relay is handling too many requests. Try again shortly."),
    /** The relay is going down and takes no new work. */
    DRAINING(Fault.RELAY, 503, "overloaded_error", "The relay is shutting down. Try again shortly."),
    /** All accounts that could serve the request are busy or wait for their limits. */
    ACCOUNTS_BUSY(Fault.RELAY, 503, "overloaded_error", "All upstream accounts are busy. Try again later."),
    /** No account can serve the request, and waiting does not help. */
    NO_ACCOUNT(Fault.RELAY, 529, "overloaded_error", "No upstream account can serve this request."),
    /** The relay's own store does not answer. */
    STORE_UNAVAILABLE(Fault.RELAY, 503, "api_error", "The relay's store is not available. Try again shortly."),
    /** A defect of the relay. */
    INTERNAL_ERROR(Fault.RELAY, 500, "api_error", "The relay failed to handle the request."),

    /** The upstream could not be reached, or its connection broke before an answer began. */
    UPSTREAM_UNREACHABLE(Fault.UPSTREAM, 502, "api_error", "The upstream could not be reached."),
    /** The account's proxy does not lead to the upstream. */
    PROXY_FAILED(Fault.RELAY, 502, "api_error", "The proxy to the upstream failed."),
    /** The connection to the upstream could not be secured. */
    TLS_FAILED(Fault.UPSTREAM, 502, "api_error", "No secure connection to the upstream could be made."),
    /** The upstream's answer did not begin in time. */
    UPSTREAM_TIMEOUT(Fault.UPSTREAM, 504, "timeout_error", "The upstream did not answer in time."),
    /** The upstream's answer broke off after part of it was delivered. */
    UPSTREAM_BROKEN(Fault.UPSTREAM, 502, "api_error", "The upstream's answer broke off."),
    /** The upstream ended its stream with an error event, which was delivered. */
    UPSTREAM_ERROR_EVENT(Fault.UPSTREAM, 200, "", "The upstream ended its answer with an error.");

    /** Whose doing an ending is. */
    public enum Fault {
        /** Nobody's: the request was answered. */
        NONE,
        /** The client's. */
        CLIENT,
        /** The relay's or its operator's. */
        RELAY,
        /** The upstream's. */
        UPSTREAM
    }

    private final Fault fault;
    private final int status;
    private final String errorType;
    private final String message;

    Outcome(Fault fault, int status, String errorType, String message) {
        this.fault = fault;
        this.status = status;
        this.errorType = errorType;
        this.message = message;
    }

    /** Whose doing this ending is. */
    public Fault fault() {
        return fault;
    }

    /** The HTTP status that tells it, 200 to 599. */
    public int status() {
        return status;
    }

    /** The error type that tells it, empty where no error is told. */
    public String errorType() {
        return errorType;
    }

    /** A sentence for people, free of anything about this request. */
    public String message() {
        return message;
    }
}
