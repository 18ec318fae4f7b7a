package org.ccrelayer.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccrelayer.event.RelayListener;
import org.ccrelayer.event.RequestSummary;

/** Keeps every summary it is told. */
public final class RecordingListener implements RelayListener {
    private final List<RequestSummary> summaries = new CopyOnWriteArrayList<>();

    @Override
    public void exchangeEnded(RequestSummary summary) {
        summaries.add(summary);
    }

    /** All so far, in the order of their ends. */
    public List<RequestSummary> summaries() {
        return summaries;
    }

    /** Forgets all so far. */
    public void forget() {
        summaries.clear();
    }

    /** The one that ended last, waited for until {@code count} have ended. */
    public RequestSummary await(int count) {
        Wait.until(count + " exchanges to end", () -> summaries.size() >= count);
        return summaries.get(count - 1);
    }
}
