package org.ccrelayer;

import java.util.Locale;
import java.util.Optional;

/**
 * Every setting there is. The same names serve everywhere: {@code request-timeout} in a file and as an init parameter,
 * {@code relay.request-timeout} as a system property, {@code RELAY_REQUEST_TIMEOUT} and, where a program owns its
 * process, {@code REQUEST_TIMEOUT} as environment variables.
 */
public enum ConfigKey {
    /** Secret from which encryption at rest and the hashing of relay keys are derived; 32 characters or more. */
    ENCRYPTION_KEY(Kind.SECRET, ""),
    /** Secret with which relay keys are hashed in place of {@link #ENCRYPTION_KEY}. */
    API_KEY_PEPPER(Kind.SECRET, ""),
    /** The key that a store's secrets are sealed with before {@link KeyRotation} seals them with a new one. */
    OLD_ENCRYPTION_KEY(Kind.SECRET, ""),
    /** How secrets are written: gcm or cbc; empty means what suits the store. Both are read. */
    CREDENTIAL_FORMAT(Kind.TEXT, ""),
    /** Whether a stored secret that cannot be decrypted is taken for the secret itself. */
    UNDECRYPTABLE_AS_LITERAL(Kind.BOOL, "false"),
    /** Secret from which administration tokens are signed; 16 characters or more. */
    JWT_SECRET(Kind.SECRET, ""),
    /** The administrator's password; 8 characters or more. */
    ADMIN_PASSWORD(Kind.SECRET, ""),
    /** The administrator's name. */
    ADMIN_USERNAME(Kind.TEXT, "admin"),
    /** Whether the administration API is served; needs {@link #JWT_SECRET} and {@link #ADMIN_PASSWORD}. */
    ADMIN_ENABLED(Kind.BOOL, "false"),
    /** Address to listen on (standalone). */
    HOST(Kind.TEXT, "0.0.0.0"),
    /** Port to listen on (standalone), 0 to 65535; 0 takes a free one. */
    PORT(Kind.NUMBER, "3000", 0, 65_535),
    /** How issued relay keys begin; 1 to 16 letters, digits, hyphens or underscores. */
    API_KEY_PREFIX(Kind.TEXT, "cr_"),
    /** What {@code org.ccrelayer} logs (standalone): debug, info, warn or error. */
    LOG_LEVEL(Kind.TEXT, "info"),
    /** Milliseconds within which all attempts together reach an answer's headers. */
    REQUEST_TIMEOUT(Kind.NUMBER, "300000", 1_000, 3_600_000),
    /** Milliseconds within which one attempt at a streaming request reaches the answer's headers. */
    HEADER_TIMEOUT(Kind.NUMBER, "120000", 100, 3_600_000),
    /** Milliseconds of upstream silence after headers that end an answer. */
    SILENCE_TIMEOUT(Kind.NUMBER, "300000", 100, 3_600_000),
    /** Milliseconds within which a connection to an upstream is made: look-up, TCP, proxy and TLS together. */
    CONNECT_TIMEOUT(Kind.NUMBER, "10000", 100, 600_000),
    /** Milliseconds after which a connection to an upstream that carries nothing is closed. */
    CONNECTION_IDLE_TIMEOUT(Kind.NUMBER, "30000", 100, 3_600_000),
    /** How many connections one account may have to its upstream; as many requests may wait for one. */
    MAX_CONNECTIONS(Kind.NUMBER, "10000", 1, 100_000),
    /** TLS versions that upstreams are offered, with commas between them; empty means the provider's. */
    TLS_PROTOCOLS(Kind.TEXT, ""),
    /** Cipher suites that upstreams are offered, likewise. */
    TLS_CIPHER_SUITES(Kind.TEXT, ""),
    /** Groups of the key exchange that upstreams are offered, likewise. */
    TLS_NAMED_GROUPS(Kind.TEXT, ""),
    /** A file of trusted certificates, PEM or PKCS 12; empty means those of the platform. */
    TLS_TRUST_FILE(Kind.TEXT, ""),
    /** What that file opens with where it is PKCS 12. */
    TLS_TRUST_PASSWORD(Kind.SECRET, ""),
    /** Hashes of public keys of which upstreams must have one, with commas between them; empty means any. */
    TLS_PINS(Kind.TEXT, ""),
    /** A file of the relay's own certificate and key, PEM or PKCS 12; empty means none. */
    TLS_CLIENT_FILE(Kind.TEXT, ""),
    /** What that file opens with where it is PKCS 12. */
    TLS_CLIENT_PASSWORD(Kind.SECRET, ""),
    /** Who does TLS where an account does not say: JDK or BC. */
    TLS_PROVIDER(Kind.TEXT, "JDK"),
    /** Milliseconds a client may pause while sending a body. */
    BODY_TIMEOUT(Kind.NUMBER, "30000", 100, 3_600_000),
    /** How many times a request may move on to another account before its answer began. */
    MAX_RETRY_ACCOUNTS(Kind.NUMBER, "2", 0, 20),
    /** Whether a named session is bound to the account that first served it, and is refused where that cannot serve. */
    SESSION_BINDING(Kind.BOOL, "false"),
    /** Milliseconds for which a session stays bound after its last use. */
    SESSION_BINDING_TTL(Kind.NUMBER, "86400000", 1_000, 31_536_000_000L),
    /** What is told where the account cannot serve that a session is bound to. */
    SESSION_BINDING_MESSAGE(
            Kind.TEXT, "The account that this session is bound to is not available. Start a new session."),
    /** How many more attempts than requests the relay makes at most, in percent of recent requests. */
    RETRY_BUDGET_PERCENT(Kind.NUMBER, "20", 0, 1_000),
    /** Milliseconds a session stays with its account. */
    STICKY_SESSION_TTL(Kind.NUMBER, "3600000", 0, Long.MAX_VALUE),
    /** Milliseconds a request keeps its place within its key's limits without being renewed, as after a crash. */
    CONCURRENCY_SLOT_TTL(Kind.NUMBER, "300000", 3_000, 86_400_000),
    /**
     * Hours from UTC at which the days, weeks and months of usage and budgets begin. With {@link #PREDECESSOR_COMPAT} unset and 0
     * are 8, and a fraction is cut off.
     */
    TIMEZONE_OFFSET(Kind.NUMBER, "0", -12, 14),
    /** The most input tokens that an image counts for where the worst case of a request is reserved. */
    STRICT_IMAGE_TOKENS(Kind.NUMBER, "5000", 1, 1_000_000),
    /** Milliseconds that running answers get when the relay goes down. */
    SHUTDOWN_TIMEOUT(Kind.NUMBER, "30000", 0, 3_600_000),
    /** What becomes of an answer whose client goes away: cancel gives it up, drain reads it on for its exact usage. */
    CLIENT_GONE_POLICY(Kind.TEXT, "cancel"),
    /** Seconds for which an answer is read on at most, counted from its client's going. */
    DRAIN_SECONDS(Kind.NUMBER, "60", 1, 3_600),
    /** Bytes of an answer that are read on at most. */
    DRAIN_BYTES(Kind.NUMBER, "16777216", 1_024, 1_073_741_824),
    /** How many answers may be read on at once, strict keys' included; 0 means never. */
    MAX_DRAINS(Kind.NUMBER, "64", 0, 10_000),
    /** Folder of the embedded store, and of what waits while a Redis does not answer; only the standalone relay has one where none is given. */
    DATA_DIR(Kind.TEXT, ""),
    /** Whether base URLs may point to loopback and private addresses. */
    ALLOW_PRIVATE_UPSTREAMS(Kind.BOOL, "false"),
    /** Largest request body of the Messages API in bytes. */
    MAX_BODY_BYTES(Kind.NUMBER, "33554432", 1_024, 1_073_741_824),
    /** Memory in bytes that all request bodies in flight may take; 0 means a quarter of the heap. */
    BODY_BUDGET_BYTES(Kind.NUMBER, "0", 0, Long.MAX_VALUE),
    /** A price file that extends or overrides the bundled prices. */
    PRICE_FILE(Kind.TEXT, ""),
    /** Whether the relay adds itself to the {@code Via} header of upstream requests. */
    VIA(Kind.BOOL, "true"),
    /** Whether relay keys that are limited to certain programs are let in by {@code User-Agent}, instead of refused. */
    LEGACY_CLIENT_RESTRICTION(Kind.BOOL, "false"),
    /** Prefixes below which every path of the relay is served as well, with commas between them, such as {@code /api,/claude}. */
    PATH_ALIASES(Kind.TEXT, ""),
    /**
     * Whether settings mean what they mean to the predecessor: {@link #TIMEZONE_OFFSET} as it says there, and {@link #ENCRYPTION_KEY}
     * may be any text.
     */
    PREDECESSOR_COMPAT(Kind.BOOL, "false"),
    /** The Redis that several relays share: host:port or a URI; empty means the embedded store. */
    REDIS_ADDR(Kind.TEXT, ""),
    /** Password of the Redis, where it is not in the address. */
    REDIS_PASSWORD(Kind.SECRET, ""),
    /** Number of the database in the Redis, where it is not in the address. */
    REDIS_DB(Kind.NUMBER, "", 0, 1_000_000),
    /** A file of the certificates that are trusted with {@code rediss://}, PEM; empty means those of the platform. */
    REDIS_TRUST_FILE(Kind.TEXT, ""),
    /**
     * What becomes of relay keys without strict budgets while the Redis does not answer: {@code local} lets those go on that were
     * used within the last minute, {@code refuse} none.
     */
    REDIS_AWAY_POLICY(Kind.TEXT, "local");

    private enum Kind {
        TEXT,
        SECRET,
        BOOL,
        NUMBER
    }

    private final Kind kind;
    private final String defaultValue;
    private final long least;
    private final long most;

    ConfigKey(Kind kind, String defaultValue) {
        this(kind, defaultValue, 0, 0);
    }

    ConfigKey(Kind kind, String defaultValue, long least, long most) {
        this.kind = kind;
        this.defaultValue = defaultValue;
        this.least = least;
        this.most = most;
    }

    /** The name in files and init parameters, such as {@code request-timeout}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Both names, for messages to people, such as {@code request-timeout (REQUEST_TIMEOUT)}. */
    public String label() {
        return id() + " (" + name() + ")";
    }

    /** The value where none is given, in its textual form. */
    public String defaultValue() {
        return defaultValue;
    }

    /** Whether it holds a secret, which may also be given as the name of a file that holds it. */
    public boolean secret() {
        return kind == Kind.SECRET;
    }

    /** What is wrong with a value, if anything is. Never quotes a secret. */
    Optional<String> problem(String value) {
        if (value.indexOf('\uFFFD') >= 0) {
            return Optional.of(label() + ": holds characters that the platform could not read; give it as " + id()
                    + "-file, in UTF-8");
        }
        return switch (kind) {
            case TEXT, SECRET -> Optional.empty();
            case BOOL ->
                value.equals("true") || value.equals("false")
                        ? Optional.empty()
                        : Optional.of(label() + ": must be true or false");
            case NUMBER -> numberProblem(value);
        };
    }

    private Optional<String> numberProblem(String value) {
        try {
            long number = Long.parseLong(value);
            return number >= least && number <= most ? Optional.empty() : Optional.of(rangeProblem());
        } catch (NumberFormatException e) {
            return Optional.of(rangeProblem());
        }
    }

    private String rangeProblem() {
        String upper = most == Long.MAX_VALUE ? " or more" : " to " + most;
        return label() + ": must be a whole number, " + least + upper;
    }

    /** The setting with that name in files and init parameters. */
    public static Optional<ConfigKey> byId(String id) {
        for (ConfigKey key : values()) {
            if (key.id().equals(id)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }
}
