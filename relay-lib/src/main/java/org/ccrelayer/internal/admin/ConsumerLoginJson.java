package org.ccrelayer.internal.admin;

import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.internal.json.JsonObject;

/** Consumer logins as JSON for operators: marked, so that nobody takes them for accounts, and without secrets. Stateless. */
final class ConsumerLoginJson {
    private static final String REASON =
            "A consumer login of the predecessor: the relay never uses, refreshes or changes it."
                    + " Requests are served by accounts with a credential of your organization.";
    private static final String REMEDY =
            "POST /admin/accounts adds one, and proxyFrom with this id gives it this login's proxy.";
    private static final String NO_PROXY = "POST /admin/accounts adds one.";

    private ConsumerLoginJson() {}

    static JsonObject of(ConsumerLogin login) {
        EgressProxy proxy = login.proxy();
        boolean copied = proxy != null && !proxy.equals(EgressProxy.DIRECT);
        return JsonObject.build()
                .with("id", login.id())
                .with("name", login.name())
                .with("kind", "consumer-login")
                .with("usable", false)
                .with("reason", REASON)
                .with("remedy", copied ? REMEDY : NO_PROXY)
                .with("proxy", proxy == null ? null : EgressJson.of(proxy))
                .end();
    }
}
