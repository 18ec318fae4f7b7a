package org.ccrelayer.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that fits in memory, with its members in order. Values are {@code String}, {@link BigDecimal}, {@code
 * Boolean}, {@code JsonObject}, {@code List} or null; numbers are exact. Immutable.
 */
public final class JsonObject {
    private static final int KEPT_BUFFERS = 32;

    // A factory is dear to make and safe to share. Names come from outside, so that none is kept beyond its table.
    // Its buffers are kept here and not in threads, which may be a container's and outlive the relay.
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.newBoundedPool(KEPT_BUFFERS))
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, @Nullable Object> members;

    private JsonObject(Map<String, @Nullable Object> members) {
        this.members = Collections.unmodifiableMap(members);
    }

    /** An object with no members. */
    public static JsonObject empty() {
        return new JsonObject(new LinkedHashMap<>());
    }

    /**
     * The one object in a UTF-8 text.
     *
     * @throws JsonException if it is something else, or repeats a member
     */
    public static JsonObject parse(byte[] utf8) {
        try (JsonParser parser = JSON.createParser(utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonException("expected a JSON object");
            }
            JsonObject object = readObject(parser);
            if (parser.nextToken() != null) {
                throw new JsonException("expected nothing after the JSON object");
            }
            return object;
        } catch (JsonProcessingException e) {
            throw new JsonException(
                    "not valid JSON at byte " + Math.max(0, e.getLocation().getByteOffset()));
        } catch (IOException e) {
            throw new JsonException("not valid JSON");
        }
    }

    /** As {@link #parse(byte[])}. */
    public static JsonObject parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonObject readObject(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, readValue(parser));
        }
        return new JsonObject(members);
    }

    private static @Nullable Object readValue(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readArray(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    private static List<@Nullable Object> readArray(JsonParser parser) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(readValue(parser));
        }
        return Collections.unmodifiableList(elements);
    }

    /** The members' names, in order. */
    public Set<String> names() {
        return members.keySet();
    }

    /** Whether the member is there and not null. */
    public boolean has(String name) {
        return members.get(name) != null;
    }

    /** The member's value as it is; null where it is missing or null. */
    public @Nullable Object get(String name) {
        return members.get(name);
    }

    /** A text; empty where missing or null. */
    public Optional<String> string(String name) {
        return typed(name, String.class, "a string");
    }

    /** A truth value; empty where missing or null. */
    public Optional<Boolean> bool(String name) {
        return typed(name, Boolean.class, "true or false");
    }

    /** An exact number; empty where missing or null. */
    public Optional<BigDecimal> decimal(String name) {
        return typed(name, BigDecimal.class, "a number");
    }

    /** A whole number; empty where missing or null. */
    public Optional<Long> integer(String name) {
        return decimal(name).map(value -> {
            try {
                return value.longValueExact();
            } catch (ArithmeticException e) {
                throw new JsonException(name + ": must be a whole number");
            }
        });
    }

    /** An object; empty where missing or null. */
    public Optional<JsonObject> object(String name) {
        return typed(name, JsonObject.class, "an object");
    }

    /** The elements of a list; no elements where missing or null. */
    public List<@Nullable Object> array(String name) {
        Object value = members.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return new ArrayList<@Nullable Object>(list);
        }
        throw new JsonException(name + ": must be a list");
    }

    /** A list of texts; empty where missing or null. */
    public Optional<List<String>> strings(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (Object element : array(name)) {
            if (!(element instanceof String text)) {
                throw new JsonException(name + ": must be a list of strings");
            }
            texts.add(text);
        }
        return Optional.of(texts);
    }

    /** A list of objects; no elements where missing or null. */
    public List<JsonObject> objects(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : array(name)) {
            if (!(element instanceof JsonObject object)) {
                throw new JsonException(name + ": must be a list of objects");
            }
            objects.add(object);
        }
        return objects;
    }

    private <T> Optional<T> typed(String name, Class<T> type, String expected) {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw new JsonException(name + ": must be " + expected);
        }
        return Optional.of(type.cast(value));
    }

    /** The object with one more member, or with that member replaced. Numbers may be of any boxed kind. */
    public JsonObject with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(members);
        copy.put(name, value);
        return new JsonObject(copy);
    }

    /** The object without those members. */
    public JsonObject without(Collection<String> names) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(members);
        copy.keySet().removeAll(names);
        return new JsonObject(copy);
    }

    /** An object made of many members; {@link #with} copies those that are there each time. */
    public static Builder build() {
        return new Builder();
    }

    /** Collects the members of an object, in order. Not safe for concurrent use; used once. */
    public static final class Builder {
        private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

        private Builder() {}

        /** One more member, or that member replaced. Numbers may be of any boxed kind. */
        public Builder with(String name, @Nullable Object value) {
            members.put(name, value);
            return this;
        }

        /** The object, to which nothing can be added any more. */
        public JsonObject end() {
            return new JsonObject(members);
        }
    }

    /** The object as compact JSON text. */
    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            write(generator, this);
        } catch (IOException e) {
            throw new JsonException("cannot be written as JSON");
        }
        return text.toString();
    }

    /** The object as compact UTF-8 JSON. */
    public byte[] toBytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        if (value instanceof JsonObject object) {
            generator.writeStartObject();
            for (Map.Entry<String, @Nullable Object> member : object.members.entrySet()) {
                generator.writeFieldName(member.getKey());
                write(generator, member.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof Iterable<?> elements) {
            generator.writeStartArray();
            for (Object element : elements) {
                write(generator, element);
            }
            generator.writeEndArray();
        } else if (value instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (value instanceof BigDecimal number) {
            generator.writeNumber(number.toPlainString());
        } else if (value instanceof Number number) {
            generator.writeNumber(number.toString());
        } else if (value == null) {
            generator.writeNull();
        } else {
            generator.writeString(value.toString());
        }
    }
}
