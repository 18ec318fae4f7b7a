package org.ccrelayer.internal.admin;

import java.util.Map;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.usage.UsageSubject;

/** What keys, accounts and models have used, over HTTP. Safe for concurrent use. */
final class UsageRoute {
    private static final String KEY = "key";
    private static final String ACCOUNT = "account";
    private static final String MODEL = "model";

    private final RelayAdministration administration;

    UsageRoute(RelayAdministration administration) {
        this.administration = administration;
    }

    AdminResponse read(AdminRequest request, String none) {
        UsageSubject subject =
                subject(QueryParameters.of(request.query(), KEY, ACCOUNT, MODEL).values());
        return administration
                .usageOf(subject)
                .map(report -> AdminResponse.ok(UsageJson.of(report)))
                .orElseGet(() -> AdminResponse.notFound(unknown(subject)));
    }

    private static UsageSubject subject(Map<String, String> given) {
        if (given.size() > 1) {
            throw new IllegalArgumentException(
                    String.join(", ", given.keySet()) + ": only one of them can be asked for at a time");
        }
        return given.entrySet().stream().findFirst().map(UsageRoute::subject).orElse(UsageSubject.EVERYTHING);
    }

    private static UsageSubject subject(Map.Entry<String, String> parameter) {
        return switch (parameter.getKey()) {
            case KEY -> UsageSubject.key(parameter.getValue());
            case ACCOUNT -> UsageSubject.account(parameter.getValue());
            default -> UsageSubject.model(parameter.getValue());
        };
    }

    private static String unknown(UsageSubject subject) {
        String unknown = subject.kind() == UsageSubject.Kind.KEY ? KeyRoutes.UNKNOWN_ID : AccountRoutes.UNKNOWN_ID;
        return unknown + " Nothing was used under it either.";
    }
}
