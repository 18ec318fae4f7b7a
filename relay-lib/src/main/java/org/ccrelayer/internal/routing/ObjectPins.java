package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.PinnedIds;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what answers made with the relay key that asked, and sends requests that name it to the account that made it, or to
 * one of the same workspace. Safe for concurrent use; may block on the store.
 */
public final class ObjectPins {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectPins.class);

    private final ObjectStore objects;
    private final AccountStore accounts;

    /** Pins to those of {@code accounts} that made what {@code objects} know. */
    public ObjectPins(ObjectStore objects, AccountStore accounts) {
        this.objects = requireNonNull(objects, "objects");
        this.accounts = requireNonNull(accounts, "accounts");
    }

    /** An answer to that key made something on that account. What cannot be kept is only logged: the answer is there. */
    void made(String keyId, Collection<ObjectId> made, Account account) {
        try {
            objects.made(keyId, made, new Maker(account.id(), account.routing().workspace()));
        } catch (RuntimeException e) {
            LOG.warn("Of key {}, {} cannot be kept; later requests that name it are refused.", keyId, made, e);
        }
    }

    /**
     * What a request names.
     *
     * @param keyId the relay key that asks
     * @param fields the objects by where they are named
     * @param makers who made which of them, as far as they are the key's
     */
    record Named(String keyId, Map<PinField, Set<ObjectId>> fields, Map<ObjectId, Maker> makers) {
        Set<ObjectId> all() {
            return ObjectPins.all(fields);
        }

        Named with(Map<ObjectId, Maker> found) {
            return new Named(keyId, fields, found);
        }
    }

    /** What a request names, once the store has said who made it. */
    CompletionStage<Named> ask(String keyId, PinnedIds named) {
        Named nothing = new Named(keyId, fields(named), Map.of());
        return nothing.fields().isEmpty()
                ? CompletableFuture.completedStage(nothing)
                : objects.ask(keyId, nothing.all()).thenApply(nothing::with);
    }

    private static Set<ObjectId> all(Map<PinField, Set<ObjectId>> fields) {
        return fields.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /**
     * Where a request must go for what it names.
     *
     * @throws RelayException if it names what its key does not have, or things that no account has together
     */
    Pin pin(Named named) {
        if (named.fields().isEmpty()) {
            return Pin.NONE;
        }
        Named known = named.makers().keySet().containsAll(named.all()) ? named : askedAgain(named);
        known.fields().forEach((field, ids) -> refuseUnknown(field, ids, known.makers()));
        return pin(known.fields(), known.makers());
    }

    /** Another relay's news of an object may have come to the store together with the question. */
    private Named askedAgain(Named named) {
        return named.with(objects.makers(named.keyId(), named.all()));
    }

    private static Map<PinField, Set<ObjectId>> fields(PinnedIds named) {
        Map<PinField, Set<ObjectId>> fields = new EnumMap<>(PinField.class);
        for (PinField field : PinField.values()) {
            Set<ObjectId> ids = field.objects(named);
            if (!ids.isEmpty()) {
                fields.put(field, ids);
            }
        }
        return fields;
    }

    private static void refuseUnknown(PinField field, Set<ObjectId> ids, Map<ObjectId, Maker> makers) {
        if (!makers.keySet().containsAll(ids)) {
            throw new RelayException(
                            Outcome.UNKNOWN_OBJECT,
                            field.label() + ": names something that this relay key does not have, or no longer has. "
                                    + field.remedy())
                    .code(field.code());
        }
    }

    private Pin pin(Map<PinField, Set<ObjectId>> fields, Map<ObjectId, Maker> makers) {
        List<Account> known = accounts.list();
        Pin pin = Pin.NONE;
        PinField pinning = null;
        for (PinField field : fields.keySet()) {
            for (Maker maker : makersOf(fields.get(field), makers)) {
                Set<String> having = having(maker, known);
                if (having.isEmpty()) {
                    return pin(field, having);
                }
                if (pinning == null) {
                    pinning = field;
                    pin = pin(field, having);
                } else if (!having.equals(pin.accounts())) {
                    throw apart(pinning, field);
                }
            }
        }
        return pin;
    }

    private static Set<Maker> makersOf(Set<ObjectId> ids, Map<ObjectId, Maker> makers) {
        return ids.stream().map(makers::get).collect(Collectors.toSet());
    }

    private static Set<String> having(Maker maker, List<Account> known) {
        String workspace = workspace(maker, known);
        return known.stream()
                .filter(account -> account.id().equals(maker.accountId())
                        || workspace != null
                                && workspace.equals(account.routing().workspace()))
                .map(Account::id)
                .collect(Collectors.toSet());
    }

    /** Where the maker is; an account that is still there says so itself. */
    private static @Nullable String workspace(Maker maker, List<Account> known) {
        for (Account account : known) {
            if (account.id().equals(maker.accountId())) {
                return account.routing().workspace();
            }
        }
        return maker.workspace();
    }

    private static Pin pin(PinField field, Set<String> having) {
        String gone = field.label()
                + ": what it names was made on an upstream account that is not available to this request. "
                + field.remedy();
        return new Pin(Pin.Cause.OBJECTS, having, gone, field.code());
    }

    private static RelayException apart(PinField one, PinField other) {
        String fields = one == other ? one.label() : one.label() + " and " + other.label();
        return new RelayException(
                Outcome.INVALID_REQUEST,
                fields
                        + ": what they name was made on upstream accounts that share no workspace, so that no account has"
                        + " all of it. Make it anew in one go, or name it in separate requests.");
    }
}
