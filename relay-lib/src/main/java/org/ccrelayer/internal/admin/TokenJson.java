package org.ccrelayer.internal.admin;

import io.jsonwebtoken.io.AbstractDeserializer;
import io.jsonwebtoken.io.AbstractSerializer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ccrelayer.internal.json.JsonObject;

/** Headers and claims of session tokens in the relay's own JSON, which leaves nothing behind in its callers' threads. */
final class TokenJson {
    private TokenJson() {}

    /** Safe for concurrent use. */
    static final class Writer extends AbstractSerializer<Map<String, ?>> {
        @Override
        protected void doSerialize(Map<String, ?> members, OutputStream out) throws IOException {
            JsonObject.Builder object = JsonObject.build();
            members.forEach(object::with);
            out.write(object.end().toBytes());
        }
    }

    /** Safe for concurrent use. */
    static final class Parser extends AbstractDeserializer<Map<String, ?>> {
        @Override
        protected Map<String, ?> doDeserialize(Reader text) throws IOException {
            StringWriter whole = new StringWriter();
            text.transferTo(whole);
            JsonObject object = JsonObject.parse(whole.toString());
            Map<String, Object> members = new LinkedHashMap<>();
            object.names().forEach(name -> members.put(name, object.get(name)));
            return members;
        }
    }
}
