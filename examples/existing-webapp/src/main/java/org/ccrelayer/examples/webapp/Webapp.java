package org.ccrelayer.examples.webapp;

import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** The webapp on an embedded Tomcat, as it would be on any other. */
public final class Webapp {
    private Webapp() {}

    /**
     * Starts it at the root path.
     *
     * @param port where to listen; 0 takes a free one
     * @param folder the webapp's folder, which holds {@code WEB-INF}
     * @param work where Tomcat keeps its own files
     * @param parameters context parameters, such as {@code relay.data-dir}
     */
    static Tomcat start(int port, Path folder, Path work, Map<String, String> parameters) throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(work.toString());
        tomcat.setPort(port);
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("", folder.toAbsolutePath().toString());
        parameters.forEach(context::addParameter);
        tomcat.getConnector();
        tomcat.start();
        return tomcat;
    }

    /** Listens on port 8080; takes the relay's settings from variables such as RELAY_ENCRYPTION_KEY and RELAY_DATA_DIR. */
    public static void main(String[] arguments) throws LifecycleException {
        Map<String, String> parameters = Map.of("webapp.password", System.getenv("WEBAPP_PASSWORD"));
        start(8080, Path.of("src/main/webapp"), Path.of("target/tomcat"), parameters)
                .getServer()
                .await();
    }
}
