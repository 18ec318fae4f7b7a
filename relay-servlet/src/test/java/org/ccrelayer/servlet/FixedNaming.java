package org.ccrelayer.servlet;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.List;
import javax.naming.Binding;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.OperationNotSupportedException;
import javax.naming.spi.InitialContextFactory;

/** A naming service that knows {@code java:comp/env/relay} only, with the entries in {@code java.naming.provider.url}. */
public final class FixedNaming implements InitialContextFactory {
    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) {
        String entries = String.valueOf(environment.get(Context.PROVIDER_URL));
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "listBindings":
                            if (!arguments[0].equals("java:comp/env/relay")) {
                                throw new NameNotFoundException(String.valueOf(arguments[0]));
                            }
                            return new Listed(bindings(entries).iterator());
                        case "close":
                            return null;
                        default:
                            throw new OperationNotSupportedException(method.getName());
                    }
                });
    }

    /** Numbers are numbers, as in a deployment descriptor that says so. */
    private static List<Binding> bindings(String entries) {
        List<Binding> bindings = new ArrayList<>();
        for (String entry : entries.split(",")) {
            String[] parts = entry.split("=", 2);
            boolean number = parts[1].matches("[0-9]+");
            bindings.add(new Binding(parts[0], number ? (Object) Integer.valueOf(parts[1]) : parts[1]));
        }
        return bindings;
    }

    private record Listed(Iterator<Binding> bindings) implements NamingEnumeration<Binding> {
        @Override
        public Binding next() {
            return bindings.next();
        }

        @Override
        public boolean hasMore() {
            return bindings.hasNext();
        }

        @Override
        public void close() {
            // Nothing is held.
        }

        @Override
        public boolean hasMoreElements() {
            return hasMore();
        }

        @Override
        public Binding nextElement() {
            return next();
        }
    }
}
