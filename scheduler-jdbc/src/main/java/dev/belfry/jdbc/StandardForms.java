// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.CodecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Teaches Jackson the standard codec's form of {@code java.time} and {@code Optional}, so that no
 * other module is needed and a class looks the same as a record.
 */
final class StandardForms {
  private static final Codec STANDARD = Codec.standard();
  private static final List<Class<?>> TIMES =
      List.of(
          Instant.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OffsetDateTime.class,
          OffsetTime.class,
          ZonedDateTime.class,
          YearMonth.class,
          MonthDay.class,
          Year.class,
          Duration.class,
          Period.class,
          ZoneId.class,
          ZoneOffset.class);

  private StandardForms() {}

  static SimpleModule module() {
    var module = new SimpleModule("dev.belfry");
    for (Class<?> type : TIMES) {
      add(module, type);
    }
    return module
        .addSerializer(new OptionalWriter())
        .addDeserializer(Optional.class, new OptionalReader(null));
  }

  private static <T> void add(SimpleModule module, Class<T> type) {
    module.addSerializer(new Writer<>(type)).addDeserializer(type, new Reader<>(type));
  }

  private static final class Writer<T> extends StdScalarSerializer<T> {
    private static final long serialVersionUID = 1L;

    Writer(Class<T> type) {
      super(type);
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializerProvider context)
        throws IOException {
      byte[] bytes = STANDARD.encode(TypeRef.of(handledType()), value);
      out.writeRawValue(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static final class Reader<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    Reader(Class<T> type) {
      super(type);
      this.type = type;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      try {
        return STANDARD.decode(TypeRef.of(type), scalar(in));
      } catch (CodecException e) {
        return context.reportInputMismatch(this, "%s", e.problem());
      }
    }

    private static byte[] scalar(JsonParser in) throws IOException {
      return in.hasToken(JsonToken.VALUE_STRING)
          ? STANDARD.encode(TypeRef.of(String.class), in.getText())
          : in.getText().getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final class OptionalWriter extends StdSerializer<Optional<?>> {
    private static final long serialVersionUID = 1L;

    OptionalWriter() {
      super(Optional.class, false);
    }

    @Override
    public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider context)
        throws IOException {
      context.defaultSerializeValue(value.orElse(null), out);
    }
  }

  @SuppressWarnings({"rawtypes", "serial"}) // no deserializer is ever serialized
  private static final class OptionalReader extends StdDeserializer<Optional>
      implements ContextualDeserializer {
    private static final long serialVersionUID = 1L;

    private final @Nullable JsonDeserializer<?> content;

    OptionalReader(@Nullable JsonDeserializer<?> content) {
      super(Optional.class);
      this.content = content;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property)
        throws JsonMappingException {
      JavaType type = context.getContextualType().containedTypeOrUnknown(0);
      return new OptionalReader(context.findContextualValueDeserializer(type, property));
    }

    @Override
    public Optional<?> deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return Optional.ofNullable(requireNonNull(content).deserialize(in, context));
    }

    @Override
    public Optional<?> getNullValue(DeserializationContext context) {
      return Optional.empty();
    }

    @Override
    public Optional<?> getAbsentValue(DeserializationContext context) {
      return Optional.empty();
    }
  }
}
