package org.ccrelayer.standalone;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.ownership.ObjectStore;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.UsageStore;

/** A store that answers once more what it answered of keys and accounts within the last minute, when it cannot be asked. */
final class SeenWithinTheMinute implements RelayStore {
    private final RelayStore store;
    private final AccountStore accounts;
    private final ApiKeyStore apiKeys;

    SeenWithinTheMinute(RelayStore store) {
        this.store = store;
        this.accounts = remembering(AccountStore.class, store.accounts());
        this.apiKeys = remembering(ApiKeyStore.class, store.apiKeys());
    }

    private record Seen(Object answer, Instant at) {}

    private static <T> T remembering(Class<T> port, T asked) {
        Map<List<Object>, Seen> seen = new ConcurrentHashMap<>();
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    List<Object> question =
                            List.of(method.getName(), Arrays.asList(arguments == null ? new Object[0] : arguments));
                    boolean reading = method.getName().startsWith("find")
                            || method.getName().equals("list");
                    try {
                        Object answer = method.invoke(asked, arguments);
                        if (reading) {
                            seen.put(question, new Seen(answer, Instant.now()));
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        Seen before = reading && e.getCause() instanceof RelayException ? seen.get(question) : null;
                        if (before != null && before.at().isAfter(Instant.now().minus(Duration.ofMinutes(1)))) {
                            return before.answer();
                        }
                        throw e.getCause();
                    }
                }));
    }

    @Override
    public AccountStore accounts() {
        return accounts;
    }

    @Override
    public TokenStore tokens() {
        return store.tokens();
    }

    @Override
    public ApiKeyStore apiKeys() {
        return apiKeys;
    }

    @Override
    public LimitStore limits() {
        return store.limits();
    }

    @Override
    public UsageStore usage() {
        return store.usage();
    }

    @Override
    public SessionStore sessions() {
        return store.sessions();
    }

    @Override
    public ObjectStore objects() {
        return store.objects();
    }

    @Override
    public boolean healthy() {
        return store.healthy();
    }

    @Override
    public void close() {
        store.close();
    }
}
