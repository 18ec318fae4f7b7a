package org.ccrelayer.internal.upstream;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;

/** No connection could be made, and it is known what stood in the way. Nothing of the request was sent. */
final class RoadException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    RoadException(Kind kind, String detail) {
        super(kind.words() + ": " + detail);
        this.kind = kind;
    }

    RoadException(Kind kind, Throwable cause) {
        super(kind.words(), requireNonNull(cause, "cause"));
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
