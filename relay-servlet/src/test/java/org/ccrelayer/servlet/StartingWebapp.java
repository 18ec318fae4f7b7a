package org.ccrelayer.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.servlet.container.TestContainer;
import org.jspecify.annotations.Nullable;

/** A webapp of a real container at the moment when it starts. */
final class StartingWebapp {
    private StartingWebapp() {}

    /** What is done with the webapp's context. */
    @FunctionalInterface
    interface Task {
        void accept(ServletContext context) throws Exception;
    }

    /** Does something in a webapp with those context parameters, whose failure is the caller's. */
    static void in(Map<String, String> contextParameters, Task task) throws Exception {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        AtomicReference<Boolean> done = new AtomicReference<>(false);
        TestContainer container = TestContainer.start("", context -> {
            try {
                contextParameters.forEach(context::setInitParameter);
                task.accept(context);
                done.set(true);
            } catch (Exception | AssertionError e) {
                failure.set(e);
            }
        });
        container.close();
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError(thrown.getMessage(), thrown);
        }
        if (!done.get()) {
            throw new AssertionError("the container did not start the webapp");
        }
    }

    /** What a container hands to a servlet or filter. */
    record Registered(ServletContext context, Map<String, String> parameters) implements ServletConfig, FilterConfig {
        @Override
        public String getServletName() {
            return "tested";
        }

        @Override
        public String getFilterName() {
            return "tested";
        }

        @Override
        public ServletContext getServletContext() {
            return context;
        }

        @Override
        public @Nullable String getInitParameter(String name) {
            return parameters.get(name);
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.enumeration(parameters.keySet());
        }
    }
}
