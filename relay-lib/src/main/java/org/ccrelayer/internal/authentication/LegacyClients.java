package org.ccrelayer.internal.authentication;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Relay keys that the predecessor limits to certain programs. What a program says of itself in {@code User-Agent} proves nothing, so
 * that such a key is refused unless the operator wants that looked at. Immutable.
 *
 * @param byUserAgent whether a {@code User-Agent} is believed
 */
public record LegacyClients(boolean byUserAgent) {
    /** How the programs name themselves that the predecessor knows. */
    private static final Map<String, Pattern> AGENTS = Map.of(
            "claude_code", agent("^claude-cli/\\d+\\.\\d+\\.\\d+"),
            "gemini_cli", agent("^GeminiCLI/v?\\d+"),
            "codex_cli", agent("^(codex_vscode|codex_cli_rs|codex_exec)/\\d+"),
            "droid_cli", agent("factory-cli/\\d+"));

    private static Pattern agent(String text) {
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    }

    /**
     * Lets a request pass that the key is for.
     *
     * @throws RelayException {@code FORBIDDEN} otherwise
     */
    void check(ApiKey key, HttpFields headers) {
        Set<String> clients = key.access().clients();
        if (clients == null) {
            return;
        }
        if (!byUserAgent) {
            throw new RelayException(
                    Outcome.FORBIDDEN,
                    "This relay key is limited to certain programs, which this relay does not tell apart. Its operator can"
                            + " lift that limit, or set legacy-client-restriction.");
        }
        String agent = headers.get(HttpHeader.USER_AGENT);
        if (clients.stream().noneMatch(name -> isAgentOf(name, agent))) {
            throw new RelayException(
                    Outcome.FORBIDDEN,
                    "This relay key is limited to certain programs, and this is none of them. Ask the operator for another key.");
        }
    }

    private static boolean isAgentOf(String name, @Nullable String agent) {
        Pattern pattern = AGENTS.get(name);
        return pattern != null && agent != null && pattern.matcher(agent).find();
    }
}
