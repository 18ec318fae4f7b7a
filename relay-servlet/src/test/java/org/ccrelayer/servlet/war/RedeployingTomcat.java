package org.ccrelayer.servlet.war;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.JreMemoryLeakPreventionListener;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.ThreadLocalLeakPreventionListener;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;

/**
 * Tomcat as a program of its own that deploys and undeploys the WAR as it is told on its standard input, with the listeners
 * that a distribution has, and tells what is left of the webapps that are gone. Nothing of the relay is on its class path.
 */
public final class RedeployingTomcat {
    static final String DONE = "done ";

    private static final int THREADS = 4;

    private final Tomcat tomcat = new Tomcat();
    private final Path war;
    private final List<String> settings;
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    /** Keeps the logger, to which the platform refers weakly only. */
    private final Logger log = Logger.getLogger("org.apache.catalina");

    private final Complaints complaints = new Complaints();

    private RedeployingTomcat(Path base, Path war, List<String> settings) throws Exception {
        this.war = war;
        this.settings = settings;
        log.addHandler(complaints);
        Files.createDirectories(base.resolve("webapps"));
        tomcat.setBaseDir(base.toString());
        tomcat.getServer().addLifecycleListener(new JreMemoryLeakPreventionListener());
        tomcat.getServer().addLifecycleListener(new ThreadLocalLeakPreventionListener());
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxThreads", Integer.toString(THREADS));
        connector.setProperty("minSpareThreads", Integer.toString(THREADS));
        tomcat.setConnector(connector);
        tomcat.getHost().setAppBase("webapps");
        // It works in the webapp's name at times, and Tomcat takes it for a thread of the webapp if that ends just
        // then.
        tomcat.getEngine().setBackgroundProcessorDelay(-1);
        tomcat.start();
    }

    /**
     * Obeys until its input ends.
     *
     * @param arguments the base folder, the WAR, and settings as {@code name=value}
     */
    public static void main(String[] arguments) throws Exception {
        RedeployingTomcat host = new RedeployingTomcat(
                Path.of(arguments[0]), Path.of(arguments[1]), List.of(arguments).subList(2, arguments.length));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            System.out.println(DONE + host.obey(command));
        }
        System.exit(0);
    }

    private Object obey(String command) throws Exception {
        return switch (command) {
            case "deploy" -> deploy();
            case "undeploy" -> undeploy();
            case "left" -> left();
            case "threads" -> threads();
            case "complaints" -> complaints.all();
            default -> throw new IllegalArgumentException(command);
        };
    }

    /** Gives the port. */
    private int deploy() {
        StandardContext context = new StandardContext();
        context.setPath("/relay");
        context.setName("/relay");
        context.setDocBase(war.toString());
        ContextConfig config = new ContextConfig();
        config.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
        context.addLifecycleListener(config);
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            context.addParameter("relay." + parts[0], parts[1]);
        }
        tomcat.getHost().addChild(context);
        loaders.add(new WeakReference<>(context.getLoader().getClassLoader()));
        return tomcat.getConnector().getLocalPort();
    }

    /** Gives how many have been undeployed. */
    private int undeploy() throws Exception {
        Context context = (Context) tomcat.getHost().findChild("/relay");
        tomcat.getHost().removeChild(context);
        context.destroy();
        return loaders.size();
    }

    /** Gives how many class loaders are still there after a collection, that of the last webapp left out. */
    private long left() {
        System.gc();
        return loaders.subList(0, loaders.size() - 1).stream()
                .filter(loader -> loader.get() != null)
                .count();
    }

    /** Gives the names of all live threads but those that serve requests, of which Tomcat makes new ones as it likes. */
    private static String threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> !name.contains("-exec-"))
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** Warnings and worse, on one line. */
    private static final class Complaints extends Handler {
        private final ConcurrentLinkedQueue<String> records = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord logged) {
            if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
                records.add(new SimpleFormatter().format(logged).replace('\n', ' '));
            }
        }

        String all() {
            return String.join(" | ", records);
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
