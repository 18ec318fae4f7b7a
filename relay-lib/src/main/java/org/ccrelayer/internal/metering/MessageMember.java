package org.ccrelayer.internal.metering;

/** The members of a JSON answer that are looked at, at any depth. */
enum MessageMember {
    TYPE("type"),
    ID("id"),
    MODEL("model"),
    STOP_REASON("stop_reason"),
    USAGE("usage"),
    CONTENT("content"),
    TEXT("text"),
    THINKING("thinking"),
    ERROR("error"),
    CONTAINER("container"),
    STOP_DETAILS("stop_details"),
    FALLBACK_CREDIT_TOKEN("fallback_credit_token"),
    /** Any other. */
    NONE("");

    private static final MessageMember[] MEMBERS = values();

    private final byte[] memberName;

    MessageMember(String memberName) {
        this.memberName = Ascii.bytes(memberName);
    }

    /** The member with this name; allocates nothing. */
    static MessageMember named(byte[] name, int length) {
        for (MessageMember member : MEMBERS) {
            if (Ascii.is(member.memberName, name, length)) {
                return member;
            }
        }
        return NONE;
    }
}
