package org.ccrelayer.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectStore;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.UsageStore;

/**
 * A store that says it is behind a network, and remembers which of its methods that may wait for that were called by threads that must
 * not. Safe for concurrent use.
 */
public final class WatchedStore implements RelayStore {
    private static final List<String> MAY_WAIT =
            List.of("relay-store-", "relay-settle-", "relay-worker-", "relay-tokens-");

    /** What a store behind a network sends without waiting. */
    private static final Set<String> NEVER_WAITS = Set.of(
            "UsageStore.streaming",
            "LimitStore.release",
            "SessionStore.keep",
            "SessionStore.keepForAll",
            "SessionStore.extend");

    /** What is sent without waiting, and waited for elsewhere. */
    private static final String ASKS = "ask";

    private final RelayStore store;
    private final Thread tests = Thread.currentThread();
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final Queue<String> misplaced = new ConcurrentLinkedQueue<>();

    /** Watches that store; threads of the test itself may wait. */
    public WatchedStore(RelayStore store) {
        this.store = store;
    }

    /** The calls that may wait, in their order. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** The calls that may wait by threads that must not, with the threads' names. */
    public List<String> misplaced() {
        return List.copyOf(misplaced);
    }

    private <T> T watched(Class<T> port, T real) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    watch(port, method, arguments);
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void watch(Class<?> port, Method method, Object[] arguments) {
        String call = port.getSimpleName() + "." + method.getName();
        if (NEVER_WAITS.contains(call) || method.getName().equals(ASKS) || isMadeWithoutWaiting(call, arguments)) {
            return;
        }
        calls.add(call);
        Thread thread = Thread.currentThread();
        if (thread != tests && MAY_WAIT.stream().noneMatch(thread.getName()::startsWith)) {
            misplaced.add(call + " in " + thread.getName());
        }
    }

    private static boolean isMadeWithoutWaiting(String call, Object[] arguments) {
        return call.equals("ObjectStore.made")
                && ((Collection<?>) arguments[1])
                        .stream().noneMatch(object -> ((ObjectId) object).kind().lasting());
    }

    @Override
    public boolean remote() {
        return true;
    }

    @Override
    public AccountStore accounts() {
        return watched(AccountStore.class, store.accounts());
    }

    @Override
    public TokenStore tokens() {
        return watched(TokenStore.class, store.tokens());
    }

    @Override
    public ApiKeyStore apiKeys() {
        return watched(ApiKeyStore.class, store.apiKeys());
    }

    @Override
    public LimitStore limits() {
        return watched(LimitStore.class, store.limits());
    }

    @Override
    public UsageStore usage() {
        return watched(UsageStore.class, store.usage());
    }

    @Override
    public SessionStore sessions() {
        return watched(SessionStore.class, store.sessions());
    }

    @Override
    public ObjectStore objects() {
        return watched(ObjectStore.class, store.objects());
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
