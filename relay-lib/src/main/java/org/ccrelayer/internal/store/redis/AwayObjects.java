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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects in Redis, and while that is away those that this relay saw last. One that it does not know may be known to Redis, so
 * that the failure passes. What is made meanwhile is kept in memory until Redis is back. Safe for concurrent use.
 */
final class AwayObjects implements ObjectStore {
    private static final Logger LOG = LoggerFactory.getLogger(AwayObjects.class);

    private final RedisObjects redis;
    private final Away away;
    private final Remembered<Name, Maker> known = new Remembered<>();

    private record Name(String keyId, ObjectId object) {}

    AwayObjects(RedisObjects redis, Away away) {
        this.redis = redis;
        this.away = away;
    }

    @Override
    public void made(String keyId, Collection<ObjectId> objects, Maker maker) {
        if (!away.now()) {
            try {
                objects.forEach(object -> known.gave(new Name(keyId, object), maker));
                redis.made(keyId, objects, maker, (its, problem) -> lost(keyId, its, maker, problem));
                return;
            } catch (RelayException e) {
                if (!away.began(e)) {
                    objects.forEach(object -> known.forget(new Name(keyId, object)));
                    throw e;
                }
            }
        }
        objects.forEach(object -> known.owes(new Name(keyId, object), maker));
    }

    /** What did not arrive since Redis is away is sent again when it is back. */
    private void lost(String keyId, List<ObjectId> objects, Maker maker, RelayException problem) {
        if (Trouble.ofTheServer(problem)) {
            objects.forEach(object -> known.lost(new Name(keyId, object), maker));
            away.began(problem);
        } else {
            LOG.warn(
                    "Of key {}, {} objects cannot be kept; requests that name them are refused.",
                    keyId,
                    objects.size(),
                    problem);
        }
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

    /** Hands Redis what was made without it. What it refuses for what that is, it never gets. */
    void replay() {
        known.owed().forEach((name, maker) -> {
            if (!away.now()) {
                known.sent(name, maker);
                replay(name, maker);
            }
        });
    }

    private void replay(Name name, Maker maker) {
        List<ObjectId> objects = List.of(name.object());
        try {
            // One after the other: too many at once would not all be sent.
            redis.made(name.keyId(), objects, maker, (its, problem) -> lost(name.keyId(), its, maker, problem))
                    .join();
        } catch (RelayException e) {
            lost(name.keyId(), objects, maker, e);
        }
    }
}
