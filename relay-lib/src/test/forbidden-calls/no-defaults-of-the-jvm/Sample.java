import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URL;
import java.util.Locale;
import java.util.TimeZone;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

class Sample {
    void call() throws Exception {
        Locale.setDefault(Locale.ROOT); // forbidden
        TimeZone.setDefault(null); // forbidden
        Thread.setDefaultUncaughtExceptionHandler(null); // forbidden
        URL.setURLStreamHandlerFactory(null); // forbidden
        ProxySelector.setDefault(null); // forbidden
        Authenticator.setDefault(null); // forbidden
        CookieHandler.setDefault(null); // forbidden
        Socket.setSocketImplFactory(null); // forbidden
        SSLContext.setDefault(null); // forbidden
        HttpsURLConnection.setDefaultHostnameVerifier(null); // forbidden
    }
}
