package org.ccrelayer.servlet;

import jakarta.servlet.Registration;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which of a host's filters and servlets are at work on one thread, by the classes on its stack. Immutable. */
final class RunningCode {
    private static final String LAMBDA = "$$Lambda";
    private static final Pattern SERVING = Pattern.compile("service|do[A-Z]\\w*");

    private final Set<Class<?>> classes;
    private final ClassLoader loader;

    private RunningCode(Set<Class<?>> classes, ClassLoader loader) {
        this.classes = classes;
        this.loader = loader;
    }

    /** What is at work on the current thread, which is one that serves a request of the host. */
    static RunningCode now() {
        ClassLoader host = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = host == null ? RunningCode.class.getClassLoader() : host;
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> new RunningCode(
                        frames.map(StackWalker.StackFrame::getDeclaringClass).collect(Collectors.toUnmodifiableSet()),
                        loader));
    }

    /** Whether a filter or servlet of the class that is registered there is at work. */
    boolean has(Registration registered) {
        String name = registered.getClassName();
        if (name == null) {
            return false;
        }
        int lambda = name.indexOf(LAMBDA);
        if (lambda > 0) {
            return hasNamed(name.substring(0, lambda));
        }
        try {
            return classes.contains(working(Class.forName(name, false, loader)));
        } catch (ClassNotFoundException | LinkageError e) {
            return hasNamed(name);
        }
    }

    private boolean hasNamed(String name) {
        return classes.stream().anyMatch(found -> found.getName().equals(name));
    }

    /** The class whose code serves requests, which is often one that the registered class extends. */
    private static Class<?> working(Class<?> registered) {
        for (Class<?> type = registered; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (SERVING.matcher(method.getName()).matches()) {
                    return type;
                }
            }
        }
        return registered;
    }
}
