package org.ccrelayer.simulated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Turns an answer and the script's settings into the steps that send it. */
final class Plan {
    private static final int MERGED_BYTES = 32 << 10;

    private final Settings settings;
    private final Answer answer;
    private final Ending ending;

    private Plan(Settings settings, Answer answer) {
        this.settings = settings;
        this.answer = answer;
        this.ending = settings.ending.forStream(answer.isStream());
    }

    static List<Step> of(Settings settings, Answer answer, String requestId) {
        return new Plan(settings, answer).steps(requestId);
    }

    private List<Step> steps(String requestId) {
        List<Step> steps = head();
        if (settings.reply instanceof Reply.OfRefusal) {
            steps.add(new Step.Abort());
            return steps;
        }
        if (ending.isCut() || !settings.bodyDelay.isZero()) {
            steps.add(new Step.Commit());
        }
        addPause(steps, settings.bodyDelay);
        if (ending.sendsMessage()) {
            steps.add(new Step.Tell(answer.prompt()::answerBegins));
        }
        steps.addAll(body(ending.apply(answer.events(), requestId)));
        steps.add(ending.isCut() ? new Step.Abort() : new Step.End());
        return steps;
    }

    private List<Step> head() {
        List<Step> steps = new ArrayList<>();
        addPause(steps, settings.delay);
        if (settings.informational != 0) {
            steps.add(new Step.Interim(settings.informational));
        }
        return steps;
    }

    private List<Step> body(List<byte[]> events) {
        List<Step> steps = paced(events);
        steps = settings.writesEventsSingly() ? steps : merged(steps);
        steps = settings.gzip ? gzipped(steps) : steps;
        return settings.chunkSize > 0 ? chunked(steps) : steps;
    }

    private List<Step> paced(List<byte[]> events) {
        List<Step> steps = new ArrayList<>(events.size());
        // One pause for all, because a thousand long streams would otherwise hold a million of them.
        Step pause = new Step.Pause(settings.trickle);
        for (int i = 0; i < events.size(); i++) {
            if (i == 1 && answer.isStream()) {
                addSilence(steps);
            }
            if (i > 0 && !settings.trickle.isZero()) {
                steps.add(pause);
            }
            steps.add(Step.Send.all(events.get(i)));
        }
        return steps;
    }

    private void addSilence(List<Step> steps) {
        Duration rest = settings.silence.total();
        Duration period = settings.silence.pingEvery();
        while (!period.isZero() && rest.compareTo(period) >= 0) {
            addPause(steps, period);
            steps.add(Step.Send.all(SseEvents.ping()));
            rest = rest.minus(period);
        }
        addPause(steps, rest);
    }

    private static void addPause(List<Step> steps, Duration duration) {
        if (!duration.isZero()) {
            steps.add(new Step.Pause(duration));
        }
    }

    private static List<Step> merged(List<Step> steps) {
        List<Step> merged = new ArrayList<>();
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        for (Step step : steps) {
            boolean send = step instanceof Step.Send;
            if (pending.size() > 0 && (!send || pending.size() >= MERGED_BYTES)) {
                merged.add(drained(pending));
            }
            if (step instanceof Step.Send part) {
                pending.write(part.bytes(), part.offset(), part.length());
            } else {
                merged.add(step);
            }
        }
        merged.add(drained(pending));
        return merged;
    }

    private List<Step> gzipped(List<Step> steps) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Step> zipped = new ArrayList<>(steps.size() + 1);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, true)) {
            for (Step step : steps) {
                if (step instanceof Step.Send part) {
                    gzip.write(part.bytes(), part.offset(), part.length());
                    gzip.flush();
                    zipped.add(drained(out));
                } else {
                    zipped.add(step);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!ending.isCut()) {
            zipped.add(drained(out));
        }
        return zipped;
    }

    private List<Step> chunked(List<Step> steps) {
        List<Step> chunked = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.Send part) {
                for (int from = 0; from < part.length(); from += settings.chunkSize) {
                    int length = Math.min(settings.chunkSize, part.length() - from);
                    chunked.add(new Step.Send(part.bytes(), part.offset() + from, length));
                }
            } else {
                chunked.add(step);
            }
        }
        return chunked;
    }

    private static Step drained(ByteArrayOutputStream out) {
        byte[] bytes = out.toByteArray();
        out.reset();
        return Step.Send.all(bytes);
    }
}
