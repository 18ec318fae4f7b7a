package org.ccrelayer.internal.admin;

import java.util.Optional;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.admin.RelayAdministration;

/** The proxies of accounts and consumer logins, for accounts that are to have the same. Safe for concurrent use; blocks on the store. */
final class KnownProxies {
    private final RelayAdministration administration;

    KnownProxies(RelayAdministration administration) {
        this.administration = administration;
    }

    /** Why nothing can be copied from that id, if nothing can. */
    Optional<String> problem(String id) {
        if (find(id).isPresent()) {
            return Optional.empty();
        }
        boolean known = administration.account(id).isPresent() || login(id).isPresent();
        return Optional.of(
                known
                        ? "has no proxy that the relay can use, which must be http or socks5; give proxy instead"
                        : "must be the id of an account or a consumer login; GET /admin/accounts lists all");
    }

    /** The proxy that is found there; empty where there is none. */
    Optional<EgressProxy> find(String id) {
        return administration
                .account(id)
                .map(Account::proxy)
                .or(() -> login(id).flatMap(login -> Optional.ofNullable(login.proxy())))
                .filter(proxy -> !proxy.equals(EgressProxy.DIRECT));
    }

    private Optional<ConsumerLogin> login(String id) {
        return administration.consumerLogins().stream()
                .filter(login -> login.id().equals(id))
                .findFirst();
    }
}
