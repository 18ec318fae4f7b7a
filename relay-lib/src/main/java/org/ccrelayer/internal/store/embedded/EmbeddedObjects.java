package org.ccrelayer.internal.store.embedded;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.ownership.ObjectStore;
import org.h2.mvstore.MVMap;

/**
 * The objects of an embedded store. Kinds with a retention are kept as {@link TimedTexts}, each kind by itself, so that many
 * of one kind drive out none of another; lasting kinds stand in the file alone, since nobody knows how many they become.
 * Safe for concurrent use.
 */
final class EmbeddedObjects implements ObjectStore {
    private static final String LASTING = "objects";
    private static final int MOST = 200_000;
    private static final int FEWEST = 10_000;

    /** An object takes about 300 bytes, so that each kind takes a thirtieth of the heap at most. */
    private static final int HEAP_BYTES_PER_OBJECT = 8_192;

    /** Behind the account, before the workspace where there is one. */
    private static final char BETWEEN = '\n';

    private final Map<ObjectKind, TimedTexts> timed = new EnumMap<>(ObjectKind.class);
    private final StoreFile file;
    private final StoreThread thread;

    EmbeddedObjects(StoreFile file, StoreThread thread, InstantSource clock) {
        this(file, thread, clock, most(Runtime.getRuntime().maxMemory()), TimedTexts.BEAT);
    }

    /**
     * Objects of which nothing was read yet.
     *
     * @param most how many of each kind with a retention are kept
     * @param beat how long their changes stay out of the file
     */
    EmbeddedObjects(StoreFile file, StoreThread thread, InstantSource clock, int most, Duration beat) {
        this.file = file;
        this.thread = thread;
        for (ObjectKind kind : ObjectKind.values()) {
            if (!kind.lasting()) {
                String map = LASTING + "." + kind.name().toLowerCase(Locale.ROOT);
                timed.put(kind, new TimedTexts(map, most, file, thread, clock, beat));
            }
        }
    }

    /** How many objects of a kind are kept with a heap of so many bytes. */
    static int most(long heapBytes) {
        return (int) Math.max(FEWEST, Math.min(MOST, heapBytes / HEAP_BYTES_PER_OBJECT));
    }

    /** Reads what the file kept; on the store's thread. */
    void load() {
        timed.values().forEach(TimedTexts::load);
    }

    @Override
    public void made(String keyId, Collection<ObjectId> objects, Maker maker) {
        String text = text(maker);
        List<String> lasting = new ArrayList<>();
        for (ObjectId object : objects) {
            String name = name(keyId, object);
            Optional<Duration> retention = object.kind().retention();
            retention.ifPresentOrElse(time -> texts(object).keep(name, text, time), () -> lasting.add(name));
        }
        if (!lasting.isEmpty()) {
            change(rows -> {
                lasting.forEach(name -> rows.put(name, bytes(text)));
                return true;
            });
        }
    }

    @Override
    public Map<ObjectId, Maker> makers(String keyId, Set<ObjectId> objects) {
        Map<ObjectId, Maker> found = new HashMap<>();
        Map<ObjectId, String> lasting = new HashMap<>();
        for (ObjectId object : objects) {
            String name = name(keyId, object);
            if (object.kind().lasting()) {
                lasting.put(object, name);
            } else {
                texts(object).text(name).ifPresent(text -> found.put(object, maker(text)));
            }
        }
        if (!lasting.isEmpty()) {
            found.putAll(stored(lasting));
        }
        return found;
    }

    private Map<ObjectId, Maker> stored(Map<ObjectId, String> names) {
        return thread.call(() -> file.use(maps -> {
            MVMap<String, byte[]> rows = maps.ofBytes(LASTING);
            Map<ObjectId, Maker> found = new HashMap<>();
            names.forEach((object, name) -> {
                byte[] row = rows.get(name);
                if (row != null) {
                    found.put(object, maker(new String(row, StandardCharsets.UTF_8)));
                }
            });
            return found;
        }));
    }

    @Override
    public boolean remove(String keyId, ObjectId object) {
        String name = name(keyId, object);
        if (!object.kind().lasting()) {
            return texts(object).forget(name);
        }
        return change(rows -> rows.remove(name) != null);
    }

    @Override
    public void removeAll(String keyId) {
        String beginning = StoreNames.beginning(keyId(keyId));
        timed.values().forEach(texts -> texts.forgetAll(beginning));
        change(rows -> {
            Iterator<String> names = rows.keyIterator(beginning);
            List<String> its = new ArrayList<>();
            for (String name = next(names); name.startsWith(beginning); name = next(names)) {
                its.add(name);
            }
            its.forEach(rows::remove);
            return true;
        });
    }

    private static String next(Iterator<String> names) {
        return names.hasNext() ? names.next() : "";
    }

    /** Changes the rows of lasting kinds; they are on disk when it returns. */
    private boolean change(Predicate<MVMap<String, byte[]>> change) {
        return thread.call(() -> {
            boolean result = file.use(maps -> change.test(maps.ofBytes(LASTING)));
            file.commit();
            return result;
        });
    }

    private TimedTexts texts(ObjectId object) {
        TimedTexts texts = timed.get(object.kind());
        if (texts == null) {
            throw new IllegalArgumentException("kind: lasts");
        }
        return texts;
    }

    private static String name(String keyId, ObjectId object) {
        return StoreNames.joined(keyId(keyId), object.kind().name(), hash(object.id()));
    }

    private static String keyId(String keyId) {
        return StoreNames.required("keyId", keyId, MAX_LENGTH);
    }

    private static String hash(String id) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest(bytes(id)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Maker maker) {
        String accountId = StoreNames.required("accountId", maker.accountId(), MAX_LENGTH);
        return maker.workspace() == null ? accountId : accountId + BETWEEN + maker.workspace();
    }

    private static Maker maker(String text) {
        int end = text.indexOf(BETWEEN);
        return end < 0 ? new Maker(text, null) : new Maker(text.substring(0, end), text.substring(end + 1));
    }

    /** As the last thing that is done here: writes what is left. */
    void writeLast() {
        timed.values().forEach(TimedTexts::writeLast);
    }
}
