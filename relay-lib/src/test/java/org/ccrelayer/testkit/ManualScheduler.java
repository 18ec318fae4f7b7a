package org.ccrelayer.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/** A scheduler whose time stands still until it is moved; tasks run in the thread that moves it. Safe for all threads. */
public final class ManualScheduler extends AbstractLifeCycle implements Scheduler {
    private record Entry(long atNanos, Runnable command) {}

    private final List<Entry> entries = new ArrayList<>();
    private long nowNanos;

    @Override
    public synchronized Task schedule(Runnable command, long delay, TimeUnit unit) {
        Entry entry = new Entry(nowNanos + unit.toNanos(delay), command);
        entries.add(entry);
        return () -> remove(entry);
    }

    /** Moves the time on and runs what is due, in order. */
    public void advance(Duration time) {
        List<Entry> due = new ArrayList<>();
        synchronized (this) {
            nowNanos += time.toNanos();
            entries.stream().filter(entry -> entry.atNanos() <= nowNanos).forEach(due::add);
            entries.removeAll(due);
        }
        due.sort(Comparator.comparingLong(Entry::atNanos));
        due.forEach(entry -> entry.command().run());
    }

    /** How many tasks wait. */
    public synchronized int pending() {
        return entries.size();
    }

    private synchronized boolean remove(Entry entry) {
        return entries.removeIf(candidate -> candidate == entry);
    }
}
