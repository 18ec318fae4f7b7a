package org.ccrelayer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.event.RelayListener;
import org.ccrelayer.internal.admin.AdminApi;
import org.ccrelayer.internal.admin.AdminEndpoint;
import org.ccrelayer.internal.admin.AdminLogin;
import org.ccrelayer.internal.admin.Degradations;
import org.ccrelayer.internal.admin.KeyRules;
import org.ccrelayer.internal.admin.StoreAdministration;
import org.ccrelayer.internal.admission.AdmissionControl;
import org.ccrelayer.internal.admission.GeneralRates;
import org.ccrelayer.internal.authentication.ApiKeyAuthenticator;
import org.ccrelayer.internal.authentication.LegacyClients;
import org.ccrelayer.internal.crypto.KeyHash;
import org.ccrelayer.internal.envelope.BodyBudget;
import org.ccrelayer.internal.envelope.ChunkPool;
import org.ccrelayer.internal.envelope.EnvelopeReader;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.health.Neighbours;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.outbound.OutboundPolicy;
import org.ccrelayer.internal.pipeline.AccountJudge;
import org.ccrelayer.internal.pipeline.BackOff;
import org.ccrelayer.internal.pipeline.Deadlines;
import org.ccrelayer.internal.pipeline.DrainPolicy;
import org.ccrelayer.internal.pipeline.Drains;
import org.ccrelayer.internal.pipeline.Exchanges;
import org.ccrelayer.internal.pipeline.PathAliases;
import org.ccrelayer.internal.pipeline.RelayEndpoints;
import org.ccrelayer.internal.pipeline.RelayPipeline;
import org.ccrelayer.internal.pipeline.RelayResources;
import org.ccrelayer.internal.pipeline.RequestLog;
import org.ccrelayer.internal.pipeline.RetryBudget;
import org.ccrelayer.internal.pipeline.StoreWorkers;
import org.ccrelayer.internal.pricing.CurrentPrices;
import org.ccrelayer.internal.routing.AccountQuotas;
import org.ccrelayer.internal.routing.ObjectPins;
import org.ccrelayer.internal.routing.Router;
import org.ccrelayer.internal.routing.SessionAffinity;
import org.ccrelayer.internal.routing.SessionBinding;
import org.ccrelayer.internal.settlement.UsageLedger;
import org.ccrelayer.internal.threads.RelayThreads;
import org.ccrelayer.internal.upstream.UpstreamClient;
import org.ccrelayer.store.RelayStore;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything a relay is made of, started in the order of dependence and stopped in the reverse. */
final class RelayAssembly {
    private static final Logger LOG = LoggerFactory.getLogger(RelayAssembly.class);
    private static final Duration LAST_WORK = Duration.ofSeconds(2);
    private static final Duration POOL_REPORT = Duration.ofSeconds(5);
    private static final Duration NEIGHBOURS_HEARD = Duration.ofSeconds(1);
    private static final Duration QUOTA_CHECK = Duration.ofSeconds(5);
    private static final Duration RATES_CHECK = Duration.ofMinutes(1);
    private static final Duration PRICE_FILE_CHECK = Duration.ofSeconds(10);
    private static final int RENEWALS_PER_LEASE = 3;
    private static final int MOST_WORKERS = 8;
    private static final int WAITING_WORK = 10_000;
    private static final int SCHEDULER_THREADS = 1;

    /** 4 MiB of request chunks are kept for reuse. */
    private static final int FREE_CHUNKS = 256;

    private final Duration shutdownTimeout;
    private final RelayStore store;
    private final RelayThreads threads = new RelayThreads();
    private final ExecutorService executor;
    private final Optional<StoreWorkers> storeWorkers;
    private final ScheduledThreadPoolExecutor timers;
    private final ScheduledExecutorScheduler scheduler;
    private final UpstreamClient upstreams;
    private final TokenAssembly tokens;
    private final Drains drains;
    private final Exchanges exchanges;
    private final AdmissionControl admission;
    private final BodyBudget bodyBudget;
    private final RelayAdministration administration;
    private final Degradations degradations;
    private final RelayEndpoints endpoints;
    private final AdminEndpoint adminEndpoint;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();

    RelayAssembly(
            RelayConfig config,
            RelayStore store,
            InstantSource clock,
            List<RelayListener> listeners,
            ByteBufferPool buffers) {
        this.store = store;
        this.shutdownTimeout = config.duration(ConfigKey.SHUTDOWN_TIMEOUT);
        UpstreamClient.Terms upstreamTerms = upstreamTerms(config);
        CurrentPrices prices = prices(config);
        this.executor = workers(threads);
        this.timers = timers(threads);
        this.scheduler = startedScheduler(timers);
        this.bodyBudget = new BodyBudget(bodyBudgetBytes(config));
        this.storeWorkers = store.remote() ? Optional.of(new StoreWorkers(threads::named)) : Optional.empty();
        RelayResources resources = resources(buffers);
        this.upstreams = UpstreamClient.start(upstreamTerms, scheduler, resources.buffers());
        List<RelayListener> told = withLog(listeners);
        this.drains = new Drains(drainPolicy(config), scheduler);
        this.exchanges = new Exchanges(clock, drains, told, resources.store());
        this.admission = new AdmissionControl(store.limits(), prices, rates(), clock, admissionTerms(config));
        SessionAffinity affinity = new SessionAffinity(store.sessions(), config.duration(ConfigKey.STICKY_SESSION_TTL));
        Known known = known(config, clock);
        Router router = router(config, known, affinity, prices, clock);
        this.tokens = new TokenAssembly(store, upstreams, clock, resources, known.health());
        KeyHash keyHash = ConfiguredSecrets.keyHash(config);
        RelayPipeline.Stages stages = new RelayPipeline.Stages(
                authenticator(config, keyHash, clock),
                envelopes(config),
                admission,
                router,
                tokens.credentials(),
                new OutboundPolicy(config.enabled(ConfigKey.VIA)),
                upstreams,
                new UsageLedger(store.usage(), prices, clock, known.quotas()::settled),
                new AccountJudge(known.health(), clock),
                new RetryBudget((int) config.number(ConfigKey.RETRY_BUDGET_PERCENT)),
                new BackOff(new Random()),
                config.text(ConfigKey.SESSION_BINDING_MESSAGE));
        RelayPipeline pipeline = new RelayPipeline(stages, exchanges, deadlines(config), resources);
        this.endpoints = new RelayEndpoints(pipeline, exchanges, store::healthy, aliases(config));
        KeyRules keyRules = new KeyRules(prices::families);
        this.administration = new StoreAdministration(
                store, keyHash, clock, administrationTerms(config, keyRules), router::status, tokens::refresh);
        keepUp(config, prices, told);
        this.degradations = new Degradations(clock);
        this.adminEndpoint =
                new AdminEndpoint(adminApi(config, clock, keyRules, affinity::moves), executor, exchanges::nextId);
    }

    /** What is known of accounts, with what others who share the store know of them. */
    private AccountHealth health(InstantSource clock) {
        Optional<Neighbours> neighbours = store.rests().map(Neighbours::new);
        neighbours.ifPresent(others -> every(NEIGHBOURS_HEARD, () -> heard(others)));
        return neighbours.map(others -> new AccountHealth(clock, others)).orElseGet(() -> new AccountHealth(clock));
    }

    private ApiKeyAuthenticator authenticator(RelayConfig config, KeyHash keyHash, InstantSource clock) {
        return new ApiKeyAuthenticator(
                store.apiKeys(), keyHash, config.text(ConfigKey.API_KEY_PREFIX), clock, clients(config));
    }

    private static PathAliases aliases(RelayConfig config) {
        return PathAliases.of(config.text(ConfigKey.PATH_ALIASES));
    }

    /** Where waiting for the store is waiting for a network, exchanges have threads of their own for it. */
    private RelayResources resources(ByteBufferPool buffers) {
        return storeWorkers
                .map(workers -> new RelayResources(workers, scheduler, buffers, workers))
                .orElseGet(() -> new RelayResources(executor, scheduler, buffers));
    }

    private static LegacyClients clients(RelayConfig config) {
        return new LegacyClients(config.enabled(ConfigKey.LEGACY_CLIENT_RESTRICTION));
    }

    private static CurrentPrices prices(RelayConfig config) {
        return config.path(ConfigKey.PRICE_FILE).map(CurrentPrices::withFile).orElseGet(CurrentPrices::bundled);
    }

    private static List<RelayListener> withLog(List<RelayListener> listeners) {
        List<RelayListener> told = new ArrayList<>(listeners);
        told.add(new RequestLog());
        return told;
    }

    private StoreAdministration.Terms administrationTerms(RelayConfig config, KeyRules keyRules) {
        return new StoreAdministration.Terms(
                config.text(ConfigKey.API_KEY_PREFIX),
                config.zone(),
                guard(config),
                keyRules,
                upstreams::tlsProblems,
                this::pool);
    }

    /** Begins what is done again and again as long as the relay runs. */
    private void keepUp(RelayConfig config, CurrentPrices prices, List<RelayListener> told) {
        if (config.path(ConfigKey.PRICE_FILE).isPresent()) {
            every(PRICE_FILE_CHECK, prices::reload);
        }
        every(config.duration(ConfigKey.CONCURRENCY_SLOT_TTL).dividedBy(RENEWALS_PER_LEASE), admission::keepAlive);
        every(POOL_REPORT, () -> report(upstreams.pools(), told));
    }

    private PoolState pool(String account) {
        return upstreams.pools().stream()
                .filter(pool -> pool.accountId().equals(account))
                .findFirst()
                .orElseGet(() -> PoolState.none(account));
    }

    /** One that throws must not keep the others from being told. */
    private static void report(List<PoolState> pools, List<RelayListener> told) {
        for (RelayListener listener : told) {
            logged(() -> listener.poolsObserved(pools));
        }
    }

    /** A store that does not answer is told of elsewhere. */
    private static void heard(Neighbours neighbours) {
        try {
            neighbours.listen();
        } catch (RelayException e) {
            LOG.debug("What others tell of accounts is not known.", e);
        }
    }

    private GeneralRates rates() {
        GeneralRates rates = new GeneralRates(store::serviceRates);
        atOnceAndEvery(RATES_CHECK, rates::refresh);
        return rates;
    }

    /** The first time at once, so that no request waits, or is served by what nobody has looked up. */
    private void atOnceAndEvery(Duration pause, Runnable task) {
        logged(task);
        every(pause, task);
    }

    /** Does something again and again, on a worker. */
    private void every(Duration pause, Runnable task) {
        scheduler.schedule(
                () -> {
                    if (!released.get()) {
                        every(pause, task);
                        executor.execute(() -> logged(task));
                    }
                },
                pause);
    }

    private static void logged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("A task of the relay failed; it is tried again.", e);
        }
    }

    /** What is known of accounts beside what stands in the store. */
    private record Known(AccountHealth health, AccountQuotas quotas) {}

    private Known known(RelayConfig config, InstantSource clock) {
        AccountQuotas quotas = new AccountQuotas(store.accounts(), store.usage(), clock, config.zone());
        atOnceAndEvery(QUOTA_CHECK, quotas::refresh);
        return new Known(health(clock), quotas);
    }

    private Router router(
            RelayConfig config, Known known, SessionAffinity affinity, CurrentPrices prices, InstantSource clock) {
        SessionBinding binding = new SessionBinding(store.sessions(), bindingTtl(config));
        ObjectPins objects = new ObjectPins(store.objects(), store.accounts());
        return new Router(store.accounts(), known.health(), known.quotas(), affinity, binding, objects, prices, clock);
    }

    private static Duration bindingTtl(RelayConfig config) {
        return config.enabled(ConfigKey.SESSION_BINDING)
                ? config.duration(ConfigKey.SESSION_BINDING_TTL)
                : Duration.ZERO;
    }

    private static AdmissionControl.Terms admissionTerms(RelayConfig config) {
        return new AdmissionControl.Terms(
                config.duration(ConfigKey.CONCURRENCY_SLOT_TTL),
                config.zone(),
                config.number(ConfigKey.STRICT_IMAGE_TOKENS));
    }

    private EnvelopeReader envelopes(RelayConfig config) {
        return new EnvelopeReader(
                bodyBudget,
                new ChunkPool(FREE_CHUNKS),
                scheduler,
                new EnvelopeReader.Limits(
                        config.number(ConfigKey.MAX_BODY_BYTES), config.duration(ConfigKey.BODY_TIMEOUT)));
    }

    private static Deadlines deadlines(RelayConfig config) {
        return new Deadlines(
                config.duration(ConfigKey.REQUEST_TIMEOUT),
                config.duration(ConfigKey.HEADER_TIMEOUT),
                config.duration(ConfigKey.SILENCE_TIMEOUT),
                (int) config.number(ConfigKey.MAX_RETRY_ACCOUNTS));
    }

    private static DrainPolicy drainPolicy(RelayConfig config) {
        return new DrainPolicy(
                config.text(ConfigKey.CLIENT_GONE_POLICY).equals("drain"),
                Duration.ofSeconds(config.number(ConfigKey.DRAIN_SECONDS)),
                config.number(ConfigKey.DRAIN_BYTES),
                (int) config.number(ConfigKey.MAX_DRAINS));
    }

    private static long bodyBudgetBytes(RelayConfig config) {
        long configured = config.number(ConfigKey.BODY_BUDGET_BYTES);
        return configured > 0 ? configured : Runtime.getRuntime().maxMemory() / 4;
    }

    private static UpstreamClient.Terms upstreamTerms(RelayConfig config) {
        return new UpstreamClient.Terms(
                config.duration(ConfigKey.CONNECT_TIMEOUT),
                config.duration(ConfigKey.CONNECTION_IDLE_TIMEOUT),
                (int) config.number(ConfigKey.MAX_CONNECTIONS),
                guard(config),
                TlsSettings.policy(config));
    }

    private static EndpointGuard guard(RelayConfig config) {
        return new EndpointGuard(config.enabled(ConfigKey.ALLOW_PRIVATE_UPSTREAMS));
    }

    private Optional<AdminApi> adminApi(
            RelayConfig config, InstantSource clock, KeyRules keyRules, Supplier<Map<String, Long>> sessionMoves) {
        return config.enabled(ConfigKey.ADMIN_ENABLED)
                ? Optional.of(new AdminApi(
                        administration,
                        guard(config),
                        keyRules,
                        store::healthy,
                        sessionMoves,
                        degradations::all,
                        new AdminLogin(
                                config.text(ConfigKey.ADMIN_USERNAME),
                                config.secret(ConfigKey.ADMIN_PASSWORD),
                                config.secret(ConfigKey.JWT_SECRET),
                                clock),
                        clock))
                : Optional.empty();
    }

    private static ExecutorService workers(RelayThreads threads) {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                MOST_WORKERS,
                MOST_WORKERS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING_WORK),
                threads.named("relay-worker"));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    private static ScheduledThreadPoolExecutor timers(RelayThreads threads) {
        ScheduledThreadPoolExecutor timers =
                new ScheduledThreadPoolExecutor(SCHEDULER_THREADS, threads.named("relay-scheduler"));
        timers.setRemoveOnCancelPolicy(true);
        // What would still be put off when the relay ends is not wanted any more.
        timers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return timers;
    }

    private static ScheduledExecutorScheduler startedScheduler(ScheduledThreadPoolExecutor timers) {
        ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler(timers);
        try {
            scheduler.start();
        } catch (Exception e) {
            throw new IllegalStateException("the scheduler cannot start", e);
        }
        return scheduler;
    }

    RelayEndpoints endpoints() {
        return endpoints;
    }

    AdminEndpoint adminEndpoint() {
        return adminEndpoint;
    }

    RelayAdministration administration() {
        return administration;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    Degradations degradations() {
        return degradations;
    }

    Drains drains() {
        return drains;
    }

    AdmissionControl admission() {
        return admission;
    }

    BodyBudget bodyBudget() {
        return bodyBudget;
    }

    RelayStore store() {
        return store;
    }

    ExecutorService executor() {
        return executor;
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            exchanges.close(shutdownTimeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        released.set(true);
        try {
            tokens.awaitIdle();
            letGo(upstreams::close, "upstream client");
            letGo(tokens::close, "token workers");
            letGo(this::closeStoreWorkers, "threads that wait for the store");
            executor.shutdown();
            letGo(() -> executor.awaitTermination(LAST_WORK.toMillis(), TimeUnit.MILLISECONDS), "workers");
            letGo(scheduler::stop, "scheduler");
            timers.shutdownNow();
            letGo(() -> threads.awaitEnd(LAST_WORK), "threads");
        } finally {
            store.close();
        }
    }

    private void closeStoreWorkers() throws InterruptedException {
        if (storeWorkers.isPresent()) {
            storeWorkers.get().close(LAST_WORK);
        }
    }

    /** Stops a part; that it did not stop properly must not keep the others from stopping. */
    private static void letGo(Stopping part, String name) {
        try {
            part.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the {} did not stop properly", name, e);
        }
    }

    private interface Stopping {
        void stop() throws Exception;
    }
}
