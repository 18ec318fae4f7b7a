package org.ccrelayer.standalone;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.http.ClientResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/** A response of a Jetty server as the relay writes it; the server's callback is completed once. */
final class CoreResponse implements ClientResponse {
    private final Response response;
    private final Callback completion;
    private final AtomicBoolean completed = new AtomicBoolean();

    CoreResponse(Response response, Callback completion) {
        this.response = response;
        this.completion = completion;
    }

    @Override
    public void head(int status, HttpFields headers) {
        response.setStatus(status);
        HttpFields.Mutable target = response.getHeaders();
        if (!headers.contains(HttpHeader.DATE)) {
            target.add(response.getRequest()
                    .getConnectionMetaData()
                    .getConnector()
                    .getServer()
                    .getDateField());
        }
        for (HttpField field : headers) {
            if (field.getHeader() == HttpHeader.DATE) {
                target.put(field);
            } else {
                target.add(field);
            }
        }
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        response.write(last, content, last ? new Last(callback) : callback);
    }

    @Override
    public boolean committed() {
        return response.isCommitted();
    }

    @Override
    public void abort(Throwable cause) {
        if (completed.compareAndSet(false, true)) {
            // After the head was sent, a failed callback makes the server break the connection.
            completion.failed(cause);
        }
    }

    /** The write that ends the answer also ends the server's handling. */
    private final class Last implements Callback {
        private final Callback callback;

        Last(Callback callback) {
            this.callback = callback;
        }

        @Override
        public void succeeded() {
            if (completed.compareAndSet(false, true)) {
                completion.succeeded();
            }
            callback.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            if (completed.compareAndSet(false, true)) {
                completion.failed(cause);
            }
            callback.failed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return Invocable.getInvocationType(callback);
        }
    }
}
