package org.ccrelayer.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.RelayConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The relays of one webapp: finds those that are in the servlet context, builds and publishes those that are not, and
 * closes what it built when its last user leaves. Safe for concurrent use.
 */
final class ContextRelays {
    private static final String ATTRIBUTE = "org.ccrelayer.servlet.ContextRelays";
    private static final String NAME = "relay-name";
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final ServletContext context;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Published> published = new HashMap<>();

    private ContextRelays(ServletContext context) {
        this.context = context;
    }

    static ContextRelays of(ServletContext context) {
        synchronized (context) {
            if (context.getAttribute(ATTRIBUTE) instanceof ContextRelays present) {
                return present;
            }
            ContextRelays relays = new ContextRelays(context);
            context.setAttribute(ATTRIBUTE, relays);
            return relays;
        }
    }

    HostedRelay open(InitParameters parameters, Surroundings surroundings) throws ServletException {
        Optional<String> name = parameters.take(NAME);
        HostSettings host = HostSettings.of(context, surroundings, parameters);
        if (name.isPresent() && !NAMES.matcher(name.get()).matches()) {
            parameters.problem(NAME + ": must be 1 to 64 letters, digits, dots, hyphens or underscores");
        }
        lock.lock();
        try {
            if (parameters.holdSettings()) {
                return own(name, parameters, host);
            }
            parameters.refuseLeft("the relay is shared");
            return name.isPresent() ? named(name.get()) : common(host);
        } finally {
            lock.unlock();
        }
    }

    /** One of the servlet's or filter's own, by its init parameters. */
    private HostedRelay own(Optional<String> name, InitParameters parameters, HostSettings host)
            throws ServletException {
        if (name.isEmpty()) {
            return HostedRelay.owned(start(host.gather()));
        }
        String attribute = attribute(name.get());
        if (present(attribute) != null) {
            parameters.problem(NAME + ": there is a relay of the name " + name.get()
                    + " already; leave the settings out here to share it, or choose another name");
        }
        return publish(attribute, host.gather());
    }

    private HostedRelay named(String name) throws ServletException {
        String attribute = attribute(name);
        Relay present = present(attribute);
        if (present == null) {
            throw new ServletException("there is no relay of the name " + name + " yet: give the settings and the same "
                    + NAME + " to a servlet or filter that starts earlier (filters start before servlets, servlets in"
                    + " the order of load-on-startup), or put a relay into the servlet context's attribute "
                    + attribute);
        }
        return use(attribute, present);
    }

    /** The one that all without settings of their own share. */
    private HostedRelay common(HostSettings host) throws ServletException {
        Relay present = present(RelayServlet.RELAY_ATTRIBUTE);
        if (present != null) {
            return use(RelayServlet.RELAY_ATTRIBUTE, present);
        }
        if (host.silent()) {
            throw new ServletException("no relay: configure one by context parameters (relay.encryption-key,"
                    + " relay.data-dir and so on), JNDI, system properties or environment; or give the init parameter "
                    + NAME + " here and to a servlet or filter with settings that starts earlier (filters start before"
                    + " servlets, servlets in the order of load-on-startup); or put a relay into the servlet context's"
                    + " attribute " + RelayServlet.RELAY_ATTRIBUTE + " before");
        }
        return publish(RelayServlet.RELAY_ATTRIBUTE, host.gather());
    }

    private static String attribute(String name) {
        return RelayServlet.RELAY_ATTRIBUTE + "." + name;
    }

    private @Nullable Relay present(String attribute) throws ServletException {
        Object value = context.getAttribute(attribute);
        if (value == null || value instanceof Relay) {
            return (Relay) value;
        }
        throw new ServletException("the servlet context's attribute " + attribute + " holds a "
                + value.getClass().getName() + "; it must be an " + Relay.class.getName()
                + ", loaded by the same class loader as this servlet or filter");
    }

    private HostedRelay use(String attribute, Relay present) {
        Published ours = published.get(attribute);
        return ours != null && ours.relay == present ? used(attribute, ours) : HostedRelay.lent(present);
    }

    private HostedRelay publish(String attribute, RelayConfig config) throws ServletException {
        Published ours = new Published(start(config));
        published.put(attribute, ours);
        context.setAttribute(attribute, ours.relay);
        return used(attribute, ours);
    }

    private HostedRelay used(String attribute, Published ours) {
        ours.users++;
        return HostedRelay.shared(ours.relay, () -> left(attribute, ours));
    }

    /** Whoever asks for the relay meanwhile waits until its files are free. */
    private void left(String attribute, Published ours) {
        lock.lock();
        try {
            if (--ours.users == 0) {
                published.remove(attribute);
                context.removeAttribute(attribute);
                ours.relay.close();
            }
        } finally {
            lock.unlock();
        }
    }

    static Relay start(RelayConfig config) throws ServletException {
        try {
            return Relay.start(config);
        } catch (RelayConfigException e) {
            throw new ServletException("the relay cannot start:\n  " + String.join("\n  ", e.problems()), e);
        } catch (IllegalStateException e) {
            throw new ServletException("the relay cannot start: " + e.getMessage(), e);
        }
    }

    private static final class Published {
        private final Relay relay;
        private int users;

        Published(Relay relay) {
            this.relay = relay;
        }
    }
}
