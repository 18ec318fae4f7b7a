package org.ccrelayer.ownership;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an answer can create upstream that later requests name, and that works only where it was made. */
public enum ObjectKind {
    /** An answer itself, by its message id. Conversations are resumed after days, as thinking is followed for 30. */
    MESSAGE(Duration.ofDays(30)),
    /** A container of code execution. The upstream keeps none for longer; each answer that used it names it anew. */
    CONTAINER(Duration.ofDays(30)),
    /** A credit for another try after a refusal, by its token, which is a secret. The upstream honours it for minutes. */
    FALLBACK_CREDIT(Duration.ofHours(1)),
    /** A file. It exists until somebody deletes it. */
    FILE(null),
    /** A skill. It exists until somebody deletes it. */
    SKILL(null),
    /** A batch. Its results go after 29 days, the batch itself when somebody deletes it. */
    BATCH(null);

    private final @Nullable Duration retention;

    ObjectKind(@Nullable Duration retention) {
        this.retention = retention;
    }

    /** How long an object is known since an answer last named it; empty where it is known until it is removed. */
    public Optional<Duration> retention() {
        return Optional.ofNullable(retention);
    }

    /** Whether it is known until it is removed, and survives the end of the process at any moment. */
    public boolean lasting() {
        return retention == null;
    }
}
