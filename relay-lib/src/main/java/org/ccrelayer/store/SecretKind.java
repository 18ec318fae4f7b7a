package org.ccrelayer.store;

/**
 * What a secret's text looks like, so that a text that was decrypted with a wrong key is told from a right one where the
 * encryption itself cannot tell.
 */
public enum SecretKind {
    /** A key of an API: 1 to 4096 printable ASCII characters without spaces. */
    API_KEY {
        @Override
        public boolean fits(String text) {
            return printable(text, 4_096, '!');
        }
    },
    /** A token that a login gave: 1 to 16384 printable ASCII characters without spaces. */
    TOKEN {
        @Override
        public boolean fits(String text) {
            return printable(text, 16_384, '!');
        }
    },
    /** What another token is obtained with: 1 to 16384 printable ASCII characters (RFC 6749 appendix A.17). */
    REFRESH_TOKEN {
        @Override
        public boolean fits(String text) {
            return printable(text, 16_384, ' ');
        }
    },
    /** Any other text: no control characters but tabs and ends of lines. */
    TEXT {
        @Override
        public boolean fits(String text) {
            return text.chars().allMatch(c -> c == '\t' || c == '\n' || c == '\r' || !Character.isISOControl(c));
        }
    };

    /** Whether a text can be a secret of this kind. */
    public abstract boolean fits(String text);

    private static boolean printable(String text, int longest, char lowest) {
        return !text.isEmpty() && text.length() <= longest && text.chars().allMatch(c -> c >= lowest && c < 0x7f);
    }
}
