package org.ccrelayer.simulated;

import java.util.concurrent.atomic.AtomicInteger;

/** How many scripted answers are under way and how many their receivers gave up. Thread-safe. */
final class Counters {
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
}
