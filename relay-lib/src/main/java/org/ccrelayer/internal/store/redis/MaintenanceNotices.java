package org.ccrelayer.internal.store.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;

/**
 * Lettuce 7 asks servers to announce their maintenance, which those that do not know the question answer with an error; Lettuce 6
 * has no such option. Stateless.
 */
final class MaintenanceNotices {
    private MaintenanceNotices() {}

    /** Asks for none, where the library that is there would. */
    static void unasked(ClientOptions.Builder options) {
        if (known()) {
            Option.off(options);
        }
    }

    private static boolean known() {
        try {
            Class.forName("io.lettuce.core.MaintNotificationsConfig", false, ClientOptions.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Linked only where the library has the option. */
    private static final class Option {
        private Option() {}

        private static void off(ClientOptions.Builder options) {
            options.maintNotificationsConfig(MaintNotificationsConfig.disabled());
        }
    }
}
