package org.ccrelayer.internal.envelope;

import java.util.List;
import java.util.Locale;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** How a body is coded (RFC 9110 section 8.4.1), as far as the relay can look into it. */
enum ContentCoding {
    /** As it is. */
    IDENTITY,
    /** RFC 1952. */
    GZIP,
    /** RFC 1950, or without its frame RFC 1951, which some clients send under this name. */
    DEFLATE;

    /**
     * The coding that header fields name.
     *
     * @throws RelayException if it is none of these, or several are named
     */
    static ContentCoding of(HttpFields headers) {
        List<String> names = headers.getCSV(HttpHeader.CONTENT_ENCODING, true);
        if (names.isEmpty()) {
            return IDENTITY;
        }
        if (names.size() > 1) {
            throw unsupported();
        }
        return switch (names.get(0).toLowerCase(Locale.ROOT)) {
            case "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default -> throw unsupported();
        };
    }

    /**
     * A scan of a body with this coding.
     *
     * @param maxDecodedBytes how long the decoded body may be
     */
    BodyScan scan(long maxDecodedBytes) {
        return switch (this) {
            case IDENTITY -> new EnvelopeScanner(true);
            case GZIP -> new GzipScan(maxDecodedBytes);
            case DEFLATE -> new DeflateScan(maxDecodedBytes);
        };
    }

    private static RelayException unsupported() {
        return new RelayException(
                Outcome.UNSUPPORTED_ENCODING,
                "content-encoding: supported is one of gzip, x-gzip, deflate and identity.");
    }
}
