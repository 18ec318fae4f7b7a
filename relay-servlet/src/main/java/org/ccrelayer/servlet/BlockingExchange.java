package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.http.GoneSignal;

/**
 * One request that keeps its container's thread until its answer has ended, where the container lets no other thread go
 * on with it. That thread alone touches the container's objects: what the relay wants of them, in whichever thread,
 * becomes a task, and tasks are done one after the other.
 *
 * <p>The thread waits for the relay, whose deadlines end every answer, or for the container to read or write, whose own
 * time-out ends that.
 */
final class BlockingExchange {
    /** Something to be done with the container's objects. One of the last two methods is called once, outside any lock. */
    interface Task {
        /** Does it; on the container's thread. Throws where the request cannot go on. */
        void touch() throws IOException;

        /** It was done. */
        default void done() {}

        /** It was not done, and the request is over. */
        default void failed(Throwable cause) {}
    }

    private final BlockingRequestBody body;
    private final ClientRequest clientRequest;
    private final ClientResponse clientResponse;
    private final GoneSignal gone = new GoneSignal();
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private boolean closed;
    private boolean over;
    private boolean broken;

    BlockingExchange(HttpServletRequest request, HttpServletResponse response, Mount mount, FirstFlush flush) {
        body = new BlockingRequestBody(this, request);
        clientRequest = new ServletClientRequest(request, body, gone, mount);
        clientResponse = new BlockingClientResponse(this, response, flush);
    }

    /** Hands the request to {@code relay} and does what that asks for until the answer has ended; true if it broke off. */
    boolean serve(BiConsumer<ClientRequest, ClientResponse> relay) {
        try {
            relay.accept(clientRequest, clientResponse);
            while (!over) {
                doNext();
            }
        } finally {
            close();
        }
        return broken;
    }

    private void doNext() {
        Task task;
        try {
            task = tasks.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lose(new InterruptedIOException("the container wants its thread back"));
            return;
        }
        try {
            task.touch();
        } catch (IOException | RuntimeException | LinkageError e) {
            // Wrappers are the host's code; what they lack must not keep an exchange from ending.
            lose(e);
            task.failed(e);
            return;
        }
        task.done();
    }

    /** Has something done; at once told that it failed where the request is over. */
    void ask(Task task) {
        boolean late;
        lock.lock();
        try {
            late = closed;
            if (!late) {
                tasks.add(task);
            }
        } finally {
            lock.unlock();
        }
        if (late) {
            task.failed(new IOException("the request is over"));
        }
    }

    /** The answer is complete; on the container's thread. */
    void end() {
        over = true;
    }

    /** The answer cannot be completed; on the container's thread. */
    void breakOff() {
        over = true;
        broken = true;
    }

    private void lose(Throwable cause) {
        breakOff();
        gone.tell(cause);
    }

    private void close() {
        List<Task> left = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            tasks.drainTo(left);
        } finally {
            lock.unlock();
        }
        IOException cause = new IOException("the request is over");
        left.forEach(task -> task.failed(cause));
        body.failed(cause);
    }
}
