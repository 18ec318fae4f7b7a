package org.ccrelayer.http;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A request of code in the same JVM, for {@code Relay.handle} without a container. It is one request: hand it over once, and
 * build another for the next. It holds its body whole; the relay's own bound on bodies counts. Safe for concurrent use.
 */
public final class InMemoryRequest implements ClientRequest {
    private final String method;
    private final String path;
    private final @Nullable String query;
    private final String remoteAddress;
    private final String baseUri;
    private final HttpFields headers;
    private final Content.Source body;
    private final GoneSignal gone = new GoneSignal();

    private InMemoryRequest(Builder built) {
        this.method = built.method;
        this.path = built.path;
        this.query = built.query;
        this.remoteAddress = built.remoteAddress;
        this.baseUri = built.baseUri;
        HttpFields.Mutable fields = HttpFields.build(built.headers);
        if (built.body.length > 0) {
            fields.put(HttpHeader.CONTENT_LENGTH, built.body.length);
        }
        this.headers = fields.asImmutable();
        this.body = Content.Source.from(ByteBuffer.wrap(built.body).asReadOnlyBuffer());
    }

    /** A {@code POST} to a path of the relay, such as {@code /v1/messages}. */
    public static Builder post(String path) {
        return to("POST", path);
    }

    /** A {@code GET} of a path of the relay. */
    public static Builder get(String path) {
        return to("GET", path);
    }

    /**
     * A request with any method.
     *
     * @throws IllegalArgumentException if the path does not begin with a slash or holds a query
     */
    public static Builder to(String method, String path) {
        return new Builder(method, path);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query() {
        return query;
    }

    @Override
    public HttpFields headers() {
        return headers;
    }

    @Override
    public Content.Source body() {
        return body;
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public String baseUri() {
        return baseUri;
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        gone.onGone(listener);
    }

    /** Tells the relay that nobody waits for the answer any more. Only the first call counts. */
    void gone(Throwable cause) {
        gone.tell(cause);
    }

    /** Puts a request together; may be used again for the next one. Not safe for concurrent use. */
    public static final class Builder {
        private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

        private final String method;
        private final String path;
        private final HttpFields.Mutable headers;
        private byte[] body = new byte[0];
        private @Nullable String query;
        private String remoteAddress = "127.0.0.1";
        private String baseUri = "http://localhost";

        private Builder(String method, String path) {
            if (!path.startsWith("/") || path.indexOf('?') >= 0) {
                throw new IllegalArgumentException("path: must begin with a slash; a query is given with query()");
            }
            this.method = requireNonNull(method, "method");
            this.path = path;
            this.headers = HttpFields.build();
        }

        /**
         * Adds a header field; the relay key goes into {@code x-api-key}.
         *
         * @throws IllegalArgumentException if no HTTP message could carry it, such as a value with a line break
         */
        public Builder header(String name, String value) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("header: a name must be made of letters, digits and hyphens");
            }
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "header " + name + ": a value must not hold line breaks or characters beyond ISO 8859-1");
            }
            headers.add(name, value);
            return this;
        }

        /** Sets the query, without the question mark. */
        public Builder query(String text) {
            query = requireNonNull(text, "text");
            return this;
        }

        /** Sets a body of JSON, with its {@code content-type}. */
        public Builder json(String text) {
            headers.put(HttpHeader.CONTENT_TYPE, "application/json");
            return body(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Sets the body. */
        public Builder body(byte[] bytes) {
            body = bytes.clone();
            return this;
        }

        /** Sets on whose behalf it is made, as an address; {@code 127.0.0.1} if not set. */
        public Builder remoteAddress(String address) {
            remoteAddress = requireNonNull(address, "address");
            return this;
        }

        /** Sets where links in answers are to point; {@code http://localhost} if not set. */
        public Builder baseUri(String uri) {
            baseUri = requireNonNull(uri, "uri");
            return this;
        }

        /** The request. */
        public InMemoryRequest build() {
            return new InMemoryRequest(this);
        }
    }
}
