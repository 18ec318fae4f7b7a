package org.ccrelayer.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.zip.GZIPOutputStream;

/** Filters as hosts have them, each in the way of the well-known one of its kind. */
final class BufferingFilters {
    private BufferingFilters() {}

    /** Wraps the response of each request in another one. */
    @FunctionalInterface
    interface Wrapped {
        HttpServletResponse around(HttpServletResponse response) throws IOException;
    }

    /** A filter that does nothing but wrap. */
    static Filter of(Wrapped wrapped) {
        return (request, response, chain) -> chain.doFilter(request, wrapped.around((HttpServletResponse) response));
    }

    /** Compresses for those who accept it, as compression filters do: what is flushed is kept until there is enough. */
    static Filter gzip() {
        return (request, response, chain) -> {
            String accepted = ((HttpServletRequest) request).getHeader("accept-encoding");
            boolean wanted = accepted != null && accepted.contains("gzip");
            chain.doFilter(request, wanted ? new GzipResponse((HttpServletResponse) response) : response);
        };
    }

    /** Writes into something else. */
    static class Redirected extends HttpServletResponseWrapper {
        private final ServletOutputStream output;

        Redirected(HttpServletResponse response, OutputStream target) throws IOException {
            super(response);
            this.output = new Output(response.getOutputStream(), target);
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return output;
        }
    }

    static final class GzipResponse extends Redirected {
        GzipResponse(HttpServletResponse response) throws IOException {
            super(response, new GZIPOutputStream(response.getOutputStream()));
            response.setHeader("Content-Encoding", "gzip");
        }
    }

    /** Keeps everything until the chain has returned, which is too early for an asynchronous answer. */
    static final class CachedResponse extends Redirected {
        CachedResponse(HttpServletResponse response) throws IOException {
            super(response, new ByteArrayOutputStream());
        }

        @Override
        public void flushBuffer() {
            // Nothing leaves before the end.
        }
    }

    /** Takes what is there at the first flush for the whole answer, and names and measures it. */
    static final class TaggedResponse extends Redirected {
        TaggedResponse(HttpServletResponse response) throws IOException {
            super(response, new ByteArrayOutputStream() {
                @Override
                public void flush() throws IOException {
                    response.setHeader("ETag", "\"0" + hashCode() + "\"");
                    response.setContentLength(size());
                    response.getOutputStream().write(toByteArray());
                    response.flushBuffer();
                }
            });
        }
    }

    static final class HarmlessResponse extends HttpServletResponseWrapper {
        HarmlessResponse(HttpServletResponse response) {
            super(response);
            response.setHeader("X-Frame-Options", "DENY");
        }
    }

    /** A response that keeps everything and is no wrapper, so that nobody sees what is within. */
    static HttpServletResponse opaque(HttpServletResponse response) throws IOException {
        ServletOutputStream kept = new Output(response.getOutputStream(), new ByteArrayOutputStream());
        return (HttpServletResponse) Proxy.newProxyInstance(
                BufferingFilters.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getOutputStream")) {
                        return kept;
                    }
                    try {
                        return method.invoke(response, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Is ready when the container is, and puts the bytes elsewhere. */
    private static final class Output extends ServletOutputStream {
        private final ServletOutputStream container;
        private final OutputStream target;

        Output(ServletOutputStream container, OutputStream target) {
            this.container = container;
            this.target = target;
        }

        @Override
        public boolean isReady() {
            return container.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            container.setWriteListener(listener);
        }

        @Override
        public void write(int octet) throws IOException {
            target.write(octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            target.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            target.flush();
        }
    }
}
