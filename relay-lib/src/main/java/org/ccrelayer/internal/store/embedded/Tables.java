package org.ccrelayer.internal.store.embedded;

import java.util.List;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.store.SecretCipher;

/**
 * The tables of records, and how the records of each are kept. All of them are gone through when the encryption key is changed,
 * so a table with secrets must be among them. Immutable.
 */
final class Tables {
    static final String ACCOUNTS = "accounts";
    static final String API_KEYS = "apiKeys";
    static final String TOKENS = "tokens";

    /** Every table of records. */
    static final List<String> NAMES = List.of(ACCOUNTS, API_KEYS, TOKENS);

    private final RecordFormat<Account> accounts;
    private final RecordFormat<ApiKey> apiKeys = new ApiKeyFormat();
    private final RecordFormat<StoredToken> tokens;

    /** Formats that seal and open with {@code cipher}. */
    Tables(SecretCipher cipher) {
        this.accounts = new AccountFormat(cipher);
        this.tokens = new TokenFormat(cipher);
    }

    RecordFormat<Account> accounts() {
        return accounts;
    }

    RecordFormat<ApiKey> apiKeys() {
        return apiKeys;
    }

    RecordFormat<StoredToken> tokens() {
        return tokens;
    }

    /** How the records of a table are kept. */
    RecordFormat<?> format(String table) {
        return switch (table) {
            case ACCOUNTS -> accounts;
            case API_KEYS -> apiKeys;
            case TOKENS -> tokens;
            default -> throw new IllegalArgumentException("there is no table " + table);
        };
    }
}
