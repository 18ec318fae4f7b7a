package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletionStage;
import org.ccrelayer.account.Account;

/** The road to token endpoints. Safe for concurrent use; never blocks. */
public interface TokenEndpoint {
    /**
     * Sends a request on the account's own road, and reads the answer within a time and a length. Redirects are answers. Where
     * there is no whole answer the stage fails with {@link Unanswered}.
     */
    CompletionStage<Answer> post(Account account, TokenRequest request);

    /**
     * What came back. It prints no body.
     *
     * @param status 200 to 599
     * @param body all of it
     */
    record Answer(int status, byte[] body) {
        public Answer {
            requireNonNull(body, "body");
        }

        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    /** There was no whole answer. */
    final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean heard;

        /**
         * A call without an answer.
         *
         * @param heard whether the endpoint may have read the request, and done what it asks for
         * @param words why, for people
         */
        public Unanswered(boolean heard, String words) {
            super(requireNonNull(words, "words"), null, false, false);
            this.heard = heard;
        }

        /** Whether the endpoint may have read the request. */
        public boolean heard() {
            return heard;
        }

        /** Why, for people. */
        public String words() {
            return requireNonNull(getMessage());
        }
    }
}
