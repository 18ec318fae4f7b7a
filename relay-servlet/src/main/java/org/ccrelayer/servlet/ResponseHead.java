package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Status and header fields of an answer. */
record ResponseHead(int status, HttpFields headers) {
    void putInto(HttpServletResponse response) {
        response.setStatus(status);
        for (HttpField field : headers) {
            if (field.getHeader() == HttpHeader.DATE) {
                // Containers set one of their own.
                response.setHeader(field.getName(), field.getValue());
            } else {
                response.addHeader(field.getName(), field.getValue());
            }
        }
    }
}
