package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.http.ReplayableBody;
import org.ccrelayer.internal.admin.KeyRules;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.RelayFixture;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever holds a secret prints without it: every record in which one can stand is made with canaries and printed. */
class NoSecretIsPrintedTest {
    private static final Path CLASSES = Path.of("target/classes");

    /** What components hold that are not records, or refuse what others hold; where a type is not here, it is null. */
    private static final Map<Class<?>, Object> VALUES = Map.ofEntries(
            Map.entry(Secret.class, Secret.of(Canary.UPSTREAM_KEY.text())),
            Map.entry(String.class, "name"),
            Map.entry(URI.class, URI.create("https://upstream.example")),
            Map.entry(int.class, 1),
            Map.entry(Integer.class, 1),
            Map.entry(long.class, 1L),
            Map.entry(Long.class, 1L),
            Map.entry(boolean.class, true),
            Map.entry(Boolean.class, true),
            Map.entry(Double.class, 1.0),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(Duration.class, Duration.ZERO),
            Map.entry(LocalTime.class, LocalTime.MIDNIGHT),
            Map.entry(UnaryOperator.class, UnaryOperator.identity()),
            Map.entry(Function.class, Function.identity()),
            Map.entry(ZoneOffset.class, ZoneOffset.UTC),
            Map.entry(KeyRules.class, new KeyRules(Set::of)),
            Map.entry(ReplayableBody.class, new Prompt()),
            Map.entry(HttpFields.class, HttpFields.build().put("x-api-key", Canary.UPSTREAM_KEY.text())),
            Map.entry(KeyRouting.class, KeyRouting.ANY),
            Map.entry(byte[].class, Canary.UPSTREAM_KEY.text().getBytes()));

    /** A body that would print its prompt if somebody printed it whole. */
    private record Prompt(String text) implements ReplayableBody {
        Prompt() {
            this(Canary.PROMPT.text());
        }

        @Override
        public long length() {
            return text.length();
        }

        @Override
        public Content.Source open() {
            return Content.Source.from(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    static List<Class<?>> recordsWithSecrets() {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .sorted()
                    .<Class<?>>map(file -> load(file.replace('/', '.').replace(".class", "")))
                    .filter(type -> type.isRecord() && holdsSecret(type, new HashSet<>()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, NoSecretIsPrintedTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean holdsSecret(Class<?> type, Set<Class<?>> seen) {
        if (type == Secret.class) {
            return true;
        }
        if (!seen.add(type)) {
            return false;
        }
        Stream<Class<?>> parts = type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                : type.isRecord()
                        ? Arrays.stream(type.getRecordComponents()).flatMap(part -> classesIn(part.getGenericType()))
                        : Stream.empty();
        return parts.anyMatch(part -> holdsSecret(part, seen));
    }

    private static Stream<Class<?>> classesIn(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Stream.concat(
                    classesIn(generic.getRawType()),
                    Arrays.stream(generic.getActualTypeArguments()).flatMap(NoSecretIsPrintedTest::classesIn));
        }
        return type instanceof Class<?> known ? Stream.of(known) : Stream.empty();
    }

    /** Every value of that type which differs in what kind of secret it holds. */
    private static List<?> samples(Type type) {
        if (type instanceof ParameterizedType generic) {
            return collections((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        Class<?> known = (Class<?>) type;
        if (VALUES.containsKey(known)) {
            return List.of(VALUES.get(known));
        }
        if (known.isSealed()) {
            return Arrays.stream(known.getPermittedSubclasses())
                    .flatMap(kind -> samples(kind).stream())
                    .toList();
        }
        if (known.isEnum()) {
            return List.of(known.getEnumConstants()[0]);
        }
        return known.isRecord() ? made(known) : Arrays.asList((Object) null);
    }

    private static List<?> collections(Class<?> raw, Type... of) {
        if (raw == Optional.class) {
            return samples(of[0]).stream().map(Optional::ofNullable).toList();
        } else if (raw == List.class) {
            return orEmpty(known(of[0]).map(List::of), List.of());
        } else if (raw == Set.class) {
            return orEmpty(known(of[0]).map(Set::of), Set.of());
        } else if (raw == Map.class) {
            Object key = samples(of[0]).get(0);
            return orEmpty(known(of[1]).map(value -> Map.of(key, value)), Map.of());
        }
        return samples(raw);
    }

    private static List<?> orEmpty(Stream<?> samples, Object empty) {
        List<?> all = samples.toList();
        return all.isEmpty() ? List.of(empty) : all;
    }

    private static Stream<?> known(Type type) {
        return samples(type).stream().filter(Objects::nonNull);
    }

    /** One record per sample of each component, the other components being their first. */
    private static List<?> made(Class<?> type) {
        List<? extends List<?>> parts = Arrays.stream(type.getRecordComponents())
                .map(part -> samples(part.getGenericType()))
                .toList();
        Object[] first = parts.stream().map(samples -> samples.get(0)).toArray();
        Stream<Object> all = Stream.of(make(type, first));
        for (int i = 0; i < first.length; i++) {
            int at = i;
            all = Stream.concat(all, parts.get(i).stream().skip(1).map(sample -> {
                Object[] changed = first.clone();
                changed[at] = sample;
                return make(type, changed);
            }));
        }
        return all.toList();
    }

    private static Object make(Class<?> type, Object... parts) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(parts);
        } catch (InvocationTargetException e) {
            throw new AssertionError(
                    type + " refuses " + Arrays.toString(parts) + "; give VALUES what it accepts", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type + " cannot be made", e);
        }
    }

    @ParameterizedTest
    @MethodSource("recordsWithSecrets")
    void aRecordPrintsNoSecret(Class<?> type) {
        assertThat(made(type)).isNotEmpty().allSatisfy(made -> {
            assertThat(Canaries.in(made.toString())).as(type.getName()).isEmpty();
            assertThat(Canaries.in(String.valueOf(new Object[] {made, Optional.of(made)})))
                    .isEmpty();
        });
    }

    @Test
    void theRecordsThatHoldSecretsAreFound() {
        assertThat(recordsWithSecrets())
                .hasSizeGreaterThan(12)
                .contains(
                        Account.class,
                        NewAccount.class,
                        IssuedKey.class,
                        ApiKeyCredential.class,
                        EgressProxy.Login.class,
                        EgressProxy.Socks5.class);
        assertThat(samples(Account.class)).hasSizeGreaterThan(6);
    }

    /** What this test would be worth nothing without. */
    @Test
    void aRecordThatPrintsItsTextIsNoticed() {
        record Careless(String key, Secret secret) {}
        Object made = new Careless(Canary.UPSTREAM_KEY.text(), Secret.of("x"));
        assertThat(Canaries.in(made.toString())).isPresent();
    }

    @Test
    void aConfigurationPrintsNoSecret() {
        String printed = RelayFixture.config(Map.of()).toString();
        assertThat(printed).contains("encryption-key=****", "jwt-secret=****", "admin-password=****");
        assertThat(Canaries.in(printed)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSettingThatIsRefusedIsNotQuoted(ConfigKey key) {
        Map<ConfigKey, String> mistaken = Map.of(key, Canary.PROXY_PASSWORD.text());
        try {
            RelayFixture.config(mistaken);
        } catch (RuntimeException e) {
            assertThat(e).hasMessageContaining(key.id());
            assertThat(Canaries.in(e.toString())).isEmpty();
        }
    }

    @Test
    void aRequestPrintsNothingOfItself() {
        InMemoryRequest request = InMemoryRequest.post("/v1/messages")
                .query("key=" + Canary.RELAY_KEY.text())
                .header("x-api-key", Canary.RELAY_KEY.text())
                .body(Canary.PROMPT.text().getBytes());
        assertThat(Canaries.in(request.toString())).isEmpty();
    }
}
