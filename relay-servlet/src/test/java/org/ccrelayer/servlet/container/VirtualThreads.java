package org.ccrelayer.servlet.container;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Virtual threads where Java has them; Java 17 does not, so they are found by name. */
final class VirtualThreads {
    private VirtualThreads() {}

    static Executor perTask() throws ReflectiveOperationException {
        return (Executor)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
