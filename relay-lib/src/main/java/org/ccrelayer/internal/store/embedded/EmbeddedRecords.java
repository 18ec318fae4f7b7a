package org.ccrelayer.internal.store.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SealedRecords;
import org.ccrelayer.store.SecretCipher;
import org.jspecify.annotations.Nullable;

/**
 * The records of an embedded store, for sealing their secrets with another key. While it is open no relay can open the store.
 * Each record is rewritten in a commit of its own. Used by one thread.
 */
public final class EmbeddedRecords implements SealedRecords {
    private final StoreFile file;
    private final String pepperMark;
    private final String oldMark;

    private EmbeddedRecords(StoreFile file, String pepperMark, String oldMark) {
        this.file = file;
        this.pepperMark = pepperMark;
        this.oldMark = oldMark;
    }

    /**
     * Opens the store in {@code relay.mv} of that directory.
     *
     * @param pepperMark of the pepper that relay keys are hashed with from now on
     * @param oldMark of the pepper that is in force in a store that does not say, since it was written by an older relay
     * @throws IllegalStateException if there is no store, or it is in use
     */
    public static EmbeddedRecords open(Path directory, String pepperMark, String oldMark) {
        if (!Files.exists(directory.resolve("relay.mv"))) {
            throw new IllegalStateException(
                    "There is no store in " + directory + ". Set data-dir (DATA_DIR) to its folder.");
        }
        return new EmbeddedRecords(StoreFile.in(directory), pepperMark, oldMark);
    }

    @Override
    public void check(SecretCipher old, SecretCipher fresh) {
        StoreStamp.check(file, old, fresh);
        StoreStamp.checkPepper(file, pepperMark, oldMark);
    }

    @Override
    public void begin(SecretCipher fresh) {
        StoreStamp.begin(file, fresh, pepperMark);
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (String table : Tables.NAMES) {
            List<String> ids = file.use(maps -> List.copyOf(maps.of(table).keySet()));
            ids.forEach(id -> names.add(table + "/" + id));
        }
        return names;
    }

    @Override
    public void rewrite(String name, SecretCipher cipher, BooleanSupplier wanted) {
        int slash = name.indexOf('/');
        String table = name.substring(0, slash);
        String id = name.substring(slash + 1);
        String before = file.use(maps -> maps.of(table).get(id));
        if (before == null) {
            return;
        }
        String after = rewritten(new Tables(cipher).format(table), JsonObject.parse(before), wanted);
        if (after != null) {
            file.use(maps -> maps.of(table).put(id, after));
            file.commit();
        }
    }

    private static <T> @Nullable String rewritten(RecordFormat<T> format, JsonObject json, BooleanSupplier wanted) {
        T value = format.read(RecordFormat.readable(json));
        return wanted.getAsBoolean() ? format.write(json, value).toString() : null;
    }

    @Override
    public void finish(SecretCipher fresh) {
        StoreStamp.finish(file, fresh);
    }

    @Override
    public void close() {
        file.closeAsItIs();
    }
}
