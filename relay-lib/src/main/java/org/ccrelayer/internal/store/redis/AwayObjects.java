package org.ccrelayer.internal.store.redis;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectStore;

/**
 * The objects in Redis, and while that is away those that this relay saw last. One that it does not know may be known to Redis, so
 * that the failure passes. What is made meanwhile is kept in memory until Redis is back. Safe for concurrent use.
 */
final class AwayObjects implements ObjectStore {
    private final ObjectStore redis;
    private final Away away;
    private final Remembered<Name, Maker> known = new Remembered<>();

    private record Name(String keyId, ObjectId object) {}

    AwayObjects(ObjectStore redis, Away away) {
        this.redis = redis;
        this.away = away;
    }

    @Override
    public void made(String keyId, Collection<ObjectId> objects, Maker maker) {
        if (!away.now()) {
            try {
                redis.made(keyId, objects, maker);
                objects.forEach(object -> known.saw(new Name(keyId, object), maker));
                return;
            } catch (RelayException e) {
                passOn(e);
            }
        }
        objects.forEach(object -> known.owes(new Name(keyId, object), maker));
    }

    /** What is no outage stays what it is. */
    private void passOn(RelayException problem) {
        if (!away.began(problem)) {
            throw problem;
        }
    }

    @Override
    public Map<ObjectId, Maker> makers(String keyId, Set<ObjectId> objects) {
        if (!away.now()) {
            try {
                Map<ObjectId, Maker> makers = redis.makers(keyId, objects);
                makers.forEach((object, maker) -> known.saw(new Name(keyId, object), maker));
                return makers;
            } catch (RelayException e) {
                passOn(e);
            }
        }
        return remembered(keyId, objects);
    }

    @Override
    public CompletionStage<Map<ObjectId, Maker>> ask(String keyId, Set<ObjectId> objects) {
        if (away.now()) {
            return CompletableFuture.supplyAsync(() -> remembered(keyId, objects), Runnable::run);
        }
        return redis.ask(keyId, objects)
                .thenApply(makers -> {
                    makers.forEach((object, maker) -> known.saw(new Name(keyId, object), maker));
                    return makers;
                })
                .exceptionally(e -> {
                    passOn(Away.problem(e));
                    return remembered(keyId, objects);
                });
    }

    private Map<ObjectId, Maker> remembered(String keyId, Set<ObjectId> objects) {
        Map<ObjectId, Maker> makers = new HashMap<>();
        for (ObjectId object : objects) {
            Optional<Maker> maker = known.get(new Name(keyId, object));
            makers.put(object, maker.orElseThrow(Outage::refusal));
        }
        return makers;
    }

    @Override
    public boolean remove(String keyId, ObjectId object) {
        boolean removed = redis.remove(keyId, object);
        known.forget(new Name(keyId, object));
        return removed;
    }

    @Override
    public void removeAll(String keyId) {
        redis.removeAll(keyId);
        known.forgetAll(name -> name.keyId().equals(keyId));
    }

    /** Hands Redis what was made without it. */
    void replay() {
        known.owed().forEach((name, maker) -> {
            redis.made(name.keyId(), List.of(name.object()), maker);
            known.sent(name, maker);
        });
    }
}
