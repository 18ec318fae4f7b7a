package org.ccrelayer.examples.javaapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.concurrent.CompletableFuture;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.http.InMemoryRequest;
import org.ccrelayer.http.InMemoryResponse;

/** A relay in a program without any server: an account, a key with a budget, an answer as it comes, and what it cost. */
public final class JavaApi {
    private static final String QUESTION = "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":256,\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private JavaApi() {}

    /** Asks the API behind {@code account} once, through a relay that ends with the call. */
    static void ask(RelayConfig config, NewAccount account, String question, PrintStream out) throws IOException {
        CompletableFuture<RequestSummary> ended = new CompletableFuture<>();
        try (Relay relay = Relay.builder(config).listener(ended::complete).start()) {
            RelayAdministration administration = relay.administration();
            administration.createAccount(account);
            KeyLimits limits = KeyLimits.NONE.withBudgets(Budgets.daily(new BigDecimal("5")));
            IssuedKey key = administration.createKey(NewKey.named("me").withLimits(limits));

            InMemoryRequest request = InMemoryRequest.post("/v1/messages")
                    .header("x-api-key", key.secret().reveal())
                    .header("anthropic-version", "2023-06-01")
                    .json(question)
                    .build();
            InMemoryResponse answer = InMemoryResponse.to(request);
            relay.handle(request, answer);
            try (InputStream events = answer.stream()) {
                events.transferTo(out);
            }

            out.println(ended.join().outcome() + ", $"
                    + administration.usageOfKey(key.key().id()).costUsd());
        }
    }

    /** Takes the data folder as its argument, and secrets from ENCRYPTION_KEY and ANTHROPIC_API_KEY. */
    public static void main(String[] arguments) throws IOException {
        RelayConfig config = RelayConfig.builder()
                .set(ConfigKey.ENCRYPTION_KEY, System.getenv("ENCRYPTION_KEY"))
                .set(ConfigKey.DATA_DIR, arguments[0])
                .build();
        NewAccount account = NewAccount.apiKey("first", Secret.of(System.getenv("ANTHROPIC_API_KEY")));
        ask(config, account, QUESTION, System.out);
    }
}
