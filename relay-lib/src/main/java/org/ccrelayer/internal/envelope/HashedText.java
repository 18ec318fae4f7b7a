package org.ccrelayer.internal.envelope;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A text that arrives in pieces and of which only the hash is wanted. What was appended last can be taken back until it is
 * kept. Holds at most its limit of bytes, and hashes what was before. Not safe for concurrent use.
 */
final class HashedText {
    /** The longest piece, in bytes. */
    static final int MAX_PIECE_BYTES = 2 * 1024;

    private static final int FIRST_BYTES = 512;
    private static final int HASH_BYTES = 16;
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] NOTHING = {};

    private final int limit;
    private byte[] bytes = NOTHING;
    private int keptLength;
    private int length;
    private long pending;
    private boolean empty = true;
    private @Nullable HashedText head;
    /** Of everything before the bytes. */
    private @Nullable MessageDigest digest;
    /** As the digest was before what can be taken back, where that holds some of it. */
    private @Nullable MessageDigest keptDigest;

    /** @param limit at least {@value #MAX_PIECE_BYTES} */
    HashedText(int limit) {
        this.limit = Math.max(limit, MAX_PIECE_BYTES);
    }

    /** Whether nothing was kept yet. */
    boolean isEmpty() {
        return empty;
    }

    /** Takes the next piece. */
    void append(byte[] piece, int count) {
        if (count > limit - length) {
            makeRoom(count);
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(length + count, Math.max(FIRST_BYTES, 2 * length))));
        }
        System.arraycopy(piece, 0, bytes, length, count);
        length += count;
        pending += count;
    }

    private void makeRoom(int count) {
        MessageDigest sha256 = digest == null ? start() : digest;
        digest = sha256;
        sha256.update(bytes, 0, keptLength);
        System.arraycopy(bytes, keptLength, bytes, 0, length - keptLength);
        length -= keptLength;
        keptLength = 0;
        if (count > limit - length) {
            if (keptDigest == null) {
                keptDigest = copy(sha256);
            }
            sha256.update(bytes, 0, length);
            length = 0;
        }
    }

    /** What was appended is part of the text from now on. */
    void keep() {
        empty &= pending == 0;
        pending = 0;
        keptLength = length;
        keptDigest = null;
    }

    /** Forgets what was appended since the text was kept last. */
    void takeBack() {
        pending = 0;
        if (keptDigest != null) {
            // Everything kept is in that digest; with nothing kept, the text has not begun.
            digest = empty ? null : keptDigest;
            keptDigest = null;
            length = 0;
        }
        length = keptLength;
    }

    /** Forgets everything but its head. */
    void clear() {
        empty = true;
        pending = 0;
        length = 0;
        keptLength = 0;
        digest = null;
        keptDigest = null;
    }

    /**
     * Its hash is from now on that of both texts, one after the other. The head must not change any more.
     *
     * @return false, and nothing changed, where some of this text was hashed already without it
     */
    boolean follow(HashedText text) {
        if (digest != null) {
            return head == text;
        }
        head = text;
        return true;
    }

    /** The first half of the SHA-256 of what was kept, as 32 hexadecimal digits. */
    String hash() {
        return HEX.formatHex(kept().digest(), 0, HASH_BYTES);
    }

    private MessageDigest kept() {
        MessageDigest kept = digest == null ? start() : copy(keptDigest == null ? digest : keptDigest);
        kept.update(bytes, 0, keptLength);
        return kept;
    }

    private MessageDigest start() {
        return head == null ? sha256() : head.kept();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 cannot be copied", e);
        }
    }
}
