package org.ccrelayer.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.ccrelayer.http.ClientResponse;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.Callback;

/** A servlet response that the container's thread writes: each write is one write and one flush. */
final class BlockingClientResponse implements ClientResponse {
    private final BlockingExchange exchange;
    private final HttpServletResponse response;
    private final FirstFlush firstFlush;
    private volatile boolean begun;

    BlockingClientResponse(BlockingExchange exchange, HttpServletResponse response, FirstFlush firstFlush) {
        this.exchange = exchange;
        this.response = response;
        this.firstFlush = firstFlush;
    }

    @Override
    public void head(int status, HttpFields headers) {
        ResponseHead head = new ResponseHead(status, headers);
        exchange.ask(() -> {
            firstFlush.head(headers);
            head.putInto(response);
        });
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        begun = true;
        exchange.ask(new BlockingExchange.Task() {
            @Override
            public void touch() throws IOException {
                put(last, content);
            }

            @Override
            public void done() {
                firstFlush.tell();
                callback.succeeded();
            }

            @Override
            public void failed(Throwable cause) {
                callback.failed(cause);
            }
        });
    }

    private void put(boolean last, ByteBuffer content) throws IOException {
        ServletOutputStream output = response.getOutputStream();
        ServletClientResponse.put(content, output);
        if (last) {
            exchange.end();
        } else {
            output.flush();
            firstFlush.done();
        }
    }

    @Override
    public boolean committed() {
        return begun;
    }

    @Override
    public void abort(Throwable cause) {
        exchange.ask(exchange::breakOff);
    }
}
