package org.ccrelayer.internal.pipeline;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads the body of an upstream's refusal, which is small by nature; what is too long or breaks off is given up. Driven
 * by one thread at a time.
 */
final class RefusalReader implements Invocable.Task {
    private static final int LONGEST = 256 * 1024;

    private final Content.Source source;
    private final SilenceWatch silence;
    private final Consumer<Optional<byte[]>> receiver;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    RefusalReader(Content.Source source, SilenceWatch silence, Consumer<Optional<byte[]>> receiver) {
        this.source = source;
        this.silence = silence;
        this.receiver = explanation -> {
            silence.stop();
            receiver.accept(explanation);
        };
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                silence.listen();
                source.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                receiver.accept(Optional.empty());
                return;
            }
            silence.activity();
            take(chunk);
            boolean last = chunk.isLast();
            chunk.release();
            if (bytes.size() > LONGEST) {
                source.fail(new IllegalStateException("the refusal is longer than " + LONGEST + " bytes"));
                receiver.accept(Optional.empty());
                return;
            }
            if (last) {
                receiver.accept(Optional.of(bytes.toByteArray()));
                return;
            }
        }
    }

    private void take(Content.Chunk chunk) {
        ByteBuffer buffer = chunk.getByteBuffer();
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        bytes.writeBytes(copy);
    }
}
