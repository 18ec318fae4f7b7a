import java.security.Provider;
import java.security.Security;

class Sample {
    void call(Provider provider) {
        Security.addProvider(provider); // forbidden
        Security.insertProviderAt(provider, 1); // forbidden
        Security.removeProvider("SUN"); // forbidden
        Security.setProperty("networkaddress.cache.ttl", "1"); // forbidden
    }
}
