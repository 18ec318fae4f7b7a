package org.ccrelayer.servlet;

import java.util.LinkedHashMap;
import java.util.Map;
import javax.naming.Binding;
import javax.naming.InitialContext;
import javax.naming.LinkRef;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entries of a webapp's naming environment that are a relay's. Stateless. */
final class NamingEntries {
    private static final Logger LOG = LoggerFactory.getLogger(NamingEntries.class);
    private static final String FOLDER = "java:comp/env/relay";

    private NamingEntries() {}

    /** The texts, numbers and truth values below {@code java:comp/env/relay} by name; none where nothing can be looked up. */
    static Map<String, String> read() {
        Map<String, String> entries = new LinkedHashMap<>();
        try {
            InitialContext naming = new InitialContext();
            try {
                add(naming, naming.listBindings(FOLDER), entries);
            } finally {
                naming.close();
            }
        } catch (NameNotFoundException | NoInitialContextException e) {
            LOG.debug("there are no settings in {}", FOLDER, e);
        } catch (NamingException e) {
            LOG.warn("{} cannot be read and is passed over: {}", FOLDER, e.toString());
        }
        return entries;
    }

    private static void add(InitialContext naming, NamingEnumeration<Binding> bindings, Map<String, String> entries)
            throws NamingException {
        try {
            while (bindings.hasMore()) {
                Binding binding = bindings.next();
                Object bound = binding.getObject();
                // Jetty lists the links by which it binds entries; looking them up follows them.
                Object value = bound instanceof LinkRef ? naming.lookup(FOLDER + '/' + binding.getName()) : bound;
                if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                    entries.put(binding.getName(), value.toString());
                } else {
                    LOG.warn("{}/{} is neither text, number nor true or false; passed over", FOLDER, binding.getName());
                }
            }
        } finally {
            bindings.close();
        }
    }
}
