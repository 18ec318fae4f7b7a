package org.ccrelayer.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a script consists of. Written only between {@link #with} and the script's publication. */
final class Settings implements Cloneable {
    Reply reply;
    List<Header> headers = List.of();
    Usage usage;
    String model;
    Duration delay = Duration.ZERO;
    Duration bodyDelay = Duration.ZERO;
    Duration trickle = Duration.ZERO;
    Silence silence = new Silence(Duration.ZERO, Duration.ZERO);
    Ending ending = Ending.REGULAR;
    boolean ping = true;
    boolean eventPerWrite;
    boolean gzip;
    int chunkSize;
    int informational;

    /** A header of the answer; a null value takes away the one the simulator would send. */
    record Header(String name, String value) {}

    /** A time without anything but pings; a period of zero means no pings. */
    record Silence(Duration total, Duration pingEvery) {}

    Settings(Reply reply) {
        this.reply = reply;
    }

    Settings with(Consumer<Settings> change) {
        Settings copy = copy();
        change.accept(copy);
        return copy;
    }

    void addHeader(Header header) {
        List<Header> extended = new ArrayList<>(headers);
        extended.add(header);
        headers = List.copyOf(extended);
    }

    boolean writesEventsSingly() {
        return eventPerWrite || chunkSize > 0 || !trickle.isZero();
    }

    private Settings copy() {
        try {
            return (Settings) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
