package org.ccrelayer.internal.upstream;

import java.security.GeneralSecurityException;
import java.util.Map;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.Provider;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.jspecify.annotations.Nullable;

/** Makes what secures the roads, by the policy of the account over that of the whole relay. Safe for concurrent use. */
final class TlsRoads {
    private static final String BOUNCY_CASTLE = "org.bouncycastle.jsse.provider.BouncyCastleJsseProvider";

    private final TlsPolicy general;
    private final TlsMaker platform = new PlatformTls();
    private @Nullable TlsMaker bouncy;

    TlsRoads(TlsPolicy general) {
        this.general = general;
    }

    TlsRoad of(TlsPolicy own) throws RoadException {
        TlsPolicy policy = own.over(general);
        try {
            return TlsRoad.of(policy, maker(policy.provider()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new RoadException(Kind.TLS_UNUSABLE, e);
        }
    }

    /** What of a policy cannot be kept, by field; nothing where all can. */
    Map<String, String> problems(TlsPolicy own) {
        TlsPolicy policy = own.over(general);
        if (policy.provider() == Provider.BC && !hasBouncyCastle()) {
            return Map.of(
                    "tls.provider",
                    "BC needs the jars of org.bouncycastle:bctls-jdk18on on the class path; add them or use JDK");
        }
        return new TlsTrial(policy, maker(policy.provider())).problems();
    }

    private synchronized TlsMaker maker(Provider provider) {
        if (provider == Provider.JDK) {
            return platform;
        }
        if (!hasBouncyCastle()) {
            throw new IllegalArgumentException("bctls-jdk18on is not on the class path");
        }
        TlsMaker known = bouncy;
        if (known == null) {
            known = new BouncyTls();
            bouncy = known;
        }
        return known;
    }

    private static boolean hasBouncyCastle() {
        try {
            Class.forName(BOUNCY_CASTLE, false, TlsRoads.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
