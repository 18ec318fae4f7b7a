package org.ccrelayer.internal.upstream;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.jspecify.annotations.Nullable;

/** A request whose target goes out as it was given. Jetty's own parses it, and cannot send one that is not a URI's. */
final class VerbatimRequest extends HttpRequest {
    private final String path;
    private final @Nullable String query;

    VerbatimRequest(HttpClient client, URI origin, String target) {
        super(client, new HttpConversation(), origin);
        int mark = target.indexOf('?');
        path = mark < 0 ? target : target.substring(0, mark);
        query = mark < 0 ? null : ascii(target.substring(mark + 1));
    }

    /** Bytes above 127 have no place in a target; servers read them as UTF-8, and so they go out percent-encoded. */
    private static String ascii(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < 0) {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            } else {
                encoded.append((char) b);
            }
        }
        return encoded.toString();
    }

    @Override
    public String getPath() {
        return path;
    }

    @Override
    public @Nullable String getQuery() {
        return query;
    }
}
