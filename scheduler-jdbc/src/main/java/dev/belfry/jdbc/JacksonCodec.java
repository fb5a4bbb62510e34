// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static com.fasterxml.jackson.databind.JsonMappingException.Reference;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.introspect.AnnotationIntrospectorPair;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.CodecException;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The codec that also carries classes which the standard codec refuses, through Jackson.
 *
 * <p>Types that {@link Codec#standard()} carries are left to it, so their bytes are the same and a
 * change from one codec to the other needs no migration; both have the id {@code json}. All other
 * declared types go through an {@code ObjectMapper}, in which {@code java.time} and {@code
 * Optional} have the same form as in the standard codec. Unknown properties are skipped; duplicate
 * ones, trailing content, a missing primitive, NaN and unpaired surrogates are refused; nesting
 * ends at 100 levels and a number at 1,000 characters.
 *
 * <p>Class names are never taken from the data: default typing is refused, and so is {@code
 * JsonTypeInfo} by class. By name, with listed subtypes, it is allowed.
 *
 * <p>In a named module the package of such a class must be open to {@code
 * com.fasterxml.jackson.databind}. Thread-safe.
 */
public final class JacksonCodec implements Codec {
  private static final int MAX_DEPTH = 100;

  private final Codec standard = Codec.standard();
  private final Map<Type, Boolean> carried = new ConcurrentHashMap<>();
  private final ObjectMapper mapper;

  private JacksonCodec(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Returns a codec with Jackson's defaults, apart from what is said above. */
  public static JacksonCodec create() {
    return with(new ObjectMapper());
  }

  /**
   * Returns a codec with the modules and settings of the given mapper, apart from what is said
   * above. The mapper is copied, not changed.
   *
   * @throws IllegalArgumentException if the mapper has default typing enabled or does not write
   *     JSON
   */
  public static JacksonCodec with(ObjectMapper mapper) {
    String format = requireNonNull(mapper, "mapper").getFactory().getFormatName();
    if (!format.equals(JsonFactory.FORMAT_NAME_JSON)) {
      throw new IllegalArgumentException("mapper must write JSON, but writes " + format);
    }
    if (hasDefaultTyping(mapper)) {
      throw new IllegalArgumentException(
          "mapper must not have default typing: it takes class names from stored data; name the"
              + " subtypes with @JsonTypeInfo(use = NAME) and @JsonSubTypes instead");
    }
    return new JacksonCodec(strict(mapper.copy()));
  }

  @Override
  public String id() {
    return standard.id();
  }

  @Override
  public void check(TypeRef<?> type) {
    if (isStandard(type)) {
      return;
    }
    JavaType javaType = mapper.constructType(type.type());
    try {
      mapper.acceptJsonFormatVisitor(javaType, new JsonFormatVisitorWrapper.Base());
    } catch (JsonMappingException | IllegalArgumentException e) {
      throw unsupported(type, e);
    }
    try {
      mapper.readerFor(javaType).readValue("{}");
    } catch (InvalidDefinitionException | IllegalArgumentException e) {
      throw unsupported(type, e);
    } catch (JacksonException e) {
      return; // the type is known, only {} is not one of its values
    }
  }

  @Override
  public <T extends @Nullable Object> byte[] encode(TypeRef<T> type, T value) {
    if (isStandard(type)) {
      return standard.encode(type, value);
    }
    var text = new StringWriter();
    try (JsonGenerator out = new StrictGenerator(mapper.createGenerator(text))) {
      mapper.writerFor(mapper.constructType(type.type())).writeValue(out, value);
      out.flush();
      return utf8(text);
    } catch (CharacterCodingException e) {
      throw CodecException.encode(type, "$", "unpaired surrogate in a string").causedBy(e);
    } catch (InvalidDefinitionException | IllegalArgumentException e) {
      throw unsupported(type, e);
    } catch (JacksonException e) {
      throw CodecException.encode(type, path(e), e.getOriginalMessage()).causedBy(e);
    } catch (IOException e) {
      throw CodecException.encode(type, "$", String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  @Override
  public <T extends @Nullable Object> T decode(TypeRef<T> type, byte[] bytes) {
    if (isStandard(type)) {
      return standard.decode(type, bytes);
    }
    try {
      return mapper.readerFor(mapper.constructType(type.type())).readValue(text(type, bytes));
    } catch (InvalidDefinitionException | IllegalArgumentException e) {
      throw unsupported(type, e);
    } catch (JacksonException e) {
      throw CodecException.decode(type, path(e), e.getOriginalMessage()).causedBy(e);
    }
  }

  private boolean isStandard(TypeRef<?> type) {
    return carried.computeIfAbsent(
        type.type(),
        key -> {
          try {
            standard.check(type);
            return true;
          } catch (CodecException e) {
            return false;
          }
        });
  }

  private static boolean hasDefaultTyping(ObjectMapper mapper) {
    JavaType any = mapper.constructType(Object.class);
    return mapper.getSerializationConfig().getDefaultTyper(any) != null
        || mapper.getDeserializationConfig().getDefaultTyper(any) != null;
  }

  /*
   * A mapper from the user may be lenient in what it reads and writes; stored bytes must not
   * depend on that. The features that shape values are left as they are.
   */
  private static ObjectMapper strict(ObjectMapper mapper) {
    for (JsonReadFeature feature : JsonReadFeature.values()) {
      mapper.configure(feature.mappedFeature(), false);
    }
    for (JsonWriteFeature feature : JsonWriteFeature.values()) {
      mapper.configure(feature.mappedFeature(), feature.enabledByDefault());
    }
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build())
        .setStreamWriteConstraints(
            StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build());
    return mapper
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature(), true)
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
        .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, true)
        .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, true)
        .configure(SerializationFeature.INDENT_OUTPUT, false)
        .setAnnotationIntrospectors(
            new AnnotationIntrospectorPair(
                new ClosedTyping(), mapper.getSerializationConfig().getAnnotationIntrospector()),
            new AnnotationIntrospectorPair(
                new ClosedTyping(), mapper.getDeserializationConfig().getAnnotationIntrospector()))
        .registerModule(StandardForms.module());
  }

  private static byte[] utf8(StringWriter text) throws CharacterCodingException {
    ByteBuffer bytes =
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text.getBuffer()));
    byte[] result = new byte[bytes.remaining()];
    bytes.get(result);
    return result;
  }

  private static String text(TypeRef<?> type, byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw CodecException.decode(type, "$", "malformed UTF-8").causedBy(e);
    }
  }

  private static String path(JacksonException failure) {
    var path = new StringBuilder("$");
    if (failure instanceof JsonMappingException mapping) {
      for (Reference step : mapping.getPath()) {
        String name = step.getFieldName();
        path.append(name == null ? "[" + step.getIndex() + "]" : "." + name);
      }
    }
    return path.toString();
  }

  private static CodecException unsupported(TypeRef<?> type, Exception failure) {
    String reason =
        failure instanceof JacksonException e ? e.getOriginalMessage() : failure.getMessage();
    return CodecException.unsupported(
            type,
            type.toString(),
            "type " + type + " is not supported by the Jackson codec: " + reason)
        .causedBy(failure);
  }
}
