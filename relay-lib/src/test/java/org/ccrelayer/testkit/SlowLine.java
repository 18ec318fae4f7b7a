package org.ccrelayer.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A line to a server of loopback on which everything takes a while in either direction, in its order and without bound: what is sent
 * at the same time arrives at the same time. It remembers what was sent to the server. Safe for concurrent use.
 */
public final class SlowLine implements AutoCloseable {
    private final ServerSocket door;
    private final int server;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile long delayNanos;

    /** Some bytes that arrive later; none where the line ends. */
    private record Late(byte[] bytes, long dueNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(dueNanos, ((Late) other).dueNanos);
        }
    }

    private SlowLine(int server) throws IOException {
        this.server = server;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** A line to that port, which does not delay anything yet. */
    public static SlowLine to(int port) throws IOException {
        return new SlowLine(port);
    }

    /** Has everything take that long in each direction from now on; shorter only where nothing is on its way. */
    public void delay(Duration each) {
        delayNanos = each.toNanos();
    }

    /** Where it begins, as host and port. */
    public String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    /** How often that text was sent to the server since {@link #forget}, as far as it has been sent. */
    public int sent(String text) {
        String all;
        synchronized (sent) {
            all = sent.toString(StandardCharsets.ISO_8859_1);
        }
        return all.split(Pattern.quote(text), -1).length - 1;
    }

    /** Forgets what was sent. */
    public void forget() {
        synchronized (sent) {
            sent.reset();
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), server);
                sockets.addAll(List.of(client, far));
                client.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                carry(client, far, true);
                carry(far, client, false);
            } catch (IOException e) {
                return;
            }
        }
    }

    private void carry(Socket from, Socket to, boolean remember) {
        DelayQueue<Late> late = new DelayQueue<>();
        start(() -> read(from, late, remember));
        start(() -> write(to, late));
    }

    private void read(Socket from, DelayQueue<Late> late, boolean remember) {
        byte[] buffer = new byte[64 * 1024];
        long due = System.nanoTime();
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, count);
                if (remember) {
                    synchronized (sent) {
                        sent.writeBytes(bytes);
                    }
                }
                due = Math.max(due + 1, System.nanoTime() + delayNanos);
                late.add(new Late(bytes, due));
            }
        } catch (IOException e) {
            // An end that goes away ends the line, as it would without it.
            due = Math.max(due + 1, System.nanoTime());
        }
        late.add(new Late(new byte[0], due + 1));
    }

    private static void write(Socket to, DelayQueue<Late> late) {
        try (to) {
            OutputStream out = to.getOutputStream();
            for (Late next = late.take(); next.bytes().length > 0; next = late.take()) {
                out.write(next.bytes());
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "slow-line");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
