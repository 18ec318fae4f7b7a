package org.ccrelayer.internal.store.redis;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.ccrelayer.store.RelayStore;

/** Stores in a Redis that may take long to answer, for tests on busy machines that are not about deadlines. */
public final class PatientRedis {
    private PatientRedis() {}

    /** The store there, with everything that it keeps of it. */
    public static RelayStore at(String address) {
        RedisTarget target = RedisTarget.of(address, null, null);
        InstantSource clock = InstantSource.system();
        RedisLink link = RedisLink.open(target, RedisRelay.PATIENT, clock);
        RedisStore.Terms terms = new RedisStore.Terms(
                RedisRelay.terms(ZoneOffset.UTC), AwayTerms.IN_MEMORY, Optional.of(Confirmed.Terms.USUAL));
        return RedisStore.over(link, RedisTime.SERVERS, terms, clock);
    }
}
