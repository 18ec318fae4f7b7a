package org.ccrelayer.internal.routing;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccrelayer.internal.envelope.PinnedIds;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.jspecify.annotations.Nullable;

/** The fields of a request that name what an answer made, and what helps where that is gone. */
enum PinField {
    THREAD("thread.previous_message_id", ObjectKind.MESSAGE, "Start a new thread.", "thread_not_found"),
    DIAGNOSTICS("diagnostics.previous_message_id", ObjectKind.MESSAGE, "Leave the field out.", ""),
    CONTAINER("container", ObjectKind.CONTAINER, "Leave its id out to get a new one.", ""),
    FILE("file_id", ObjectKind.FILE, "Upload the file again.", ""),
    SKILL("container.skills.skill_id", ObjectKind.SKILL, "Create the skill again.", ""),
    FALLBACK_CREDIT("fallback_credit_token", ObjectKind.FALLBACK_CREDIT, "Leave the field out.", "");

    private final String label;
    private final ObjectKind kind;
    private final String remedy;
    private final String code;

    PinField(String label, ObjectKind kind, String remedy, String code) {
        this.label = label;
        this.kind = kind;
        this.remedy = remedy;
        this.code = code;
    }

    /** Its name for people. */
    String label() {
        return label;
    }

    /** What a client can do where what it names is of no use, as a sentence. */
    String remedy() {
        return remedy;
    }

    /** The API's code by which clients know that they must do that; empty where there is none. */
    String code() {
        return code;
    }

    /** The objects that a request names in it. */
    Set<ObjectId> objects(PinnedIds named) {
        return switch (this) {
            case THREAD -> objects(named.threadPreviousMessageId());
            case DIAGNOSTICS -> objects(named.diagnosticsPreviousMessageId());
            case CONTAINER -> objects(named.containerId());
            case FILE -> objects(named.fileIds());
            case SKILL -> objects(named.skillIds());
            case FALLBACK_CREDIT -> objects(named.fallbackCreditToken());
        };
    }

    private Set<ObjectId> objects(@Nullable String id) {
        return Stream.ofNullable(id).map(known -> new ObjectId(kind, known)).collect(Collectors.toSet());
    }

    private Set<ObjectId> objects(Set<String> ids) {
        return ids.stream().map(id -> new ObjectId(kind, id)).collect(Collectors.toSet());
    }
}
