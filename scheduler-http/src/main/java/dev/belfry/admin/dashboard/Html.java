// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A piece of a page. Nothing but this file writes markup, so whatever is not a tag is escaped, and
 * what the content security policy forbids can't be written: no style, no handler, no script with
 * text, no link that leads elsewhere.
 */
sealed interface Html {
  /** Appends the markup. */
  void writeTo(StringBuilder out);

  /** Text, escaped when it is written. */
  record Text(String text) implements Html {
    @Override
    public void writeTo(StringBuilder out) {
      escape(text, out);
    }
  }

  /** Pieces, one after another. */
  record Pieces(List<Html> pieces) implements Html {
    @Override
    public void writeTo(StringBuilder out) {
      pieces.forEach(piece -> piece.writeTo(out));
    }
  }

  /**
   * An element. Each method returns a copy.
   *
   * @param name as in {@code td}
   * @param attributes by name, as they are to be read, in order
   * @param content what stands in it
   */
  record Tag(String name, Map<String, String> attributes, List<Html> content) implements Html {
    /** Elements that have no content and no end. */
    private static final Set<String> VOID =
        Set.of("br", "hr", "img", "input", "link", "meta", "wbr");

    /** Attributes that hold an address. */
    private static final Set<String> ADDRESSES = Set.of("href", "src", "action", "formaction");

    /** Refuses scripts with text, and styles. */
    public Tag {
      if (name.equals("style") || (name.equals("script") && !content.isEmpty())) {
        throw new IllegalArgumentException("<" + name + "> with content is against the policy");
      }
    }

    /**
     * Adds an attribute.
     *
     * @throws IllegalArgumentException if the policy forbids it
     */
    Tag with(String attribute, String value) {
      if (attribute.equals("style") || attribute.startsWith("on")) {
        throw new IllegalArgumentException(
            "attribute \"" + attribute + "\" is against the policy; use a class");
      }
      if (ADDRESSES.contains(attribute) && leadsElsewhere(value)) {
        throw new IllegalArgumentException(
            "an address must begin with one slash or #, was \"" + value + "\"");
      }
      var more = new LinkedHashMap<>(attributes);
      more.put(attribute, value);
      return new Tag(name, more, content);
    }

    /** Adds an attribute that is a number. */
    Tag with(String attribute, long value) {
      return with(attribute, Long.toString(value));
    }

    /** Adds an attribute without a value, if it applies. */
    Tag flag(String attribute, boolean applies) {
      return applies ? with(attribute, "") : this;
    }

    /** Sets the classes, with spaces between them. */
    Tag is(String classes) {
      return with("class", classes);
    }

    /** Adds content. */
    Tag add(Html... more) {
      return new Tag(
          name, attributes, Stream.concat(content.stream(), List.of(more).stream()).toList());
    }

    @Override
    public void writeTo(StringBuilder out) {
      out.append('<').append(name);
      attributes.forEach(
          (attribute, value) -> {
            out.append(' ').append(attribute).append("=\"");
            escape(value, out);
            out.append('"');
          });
      out.append('>');
      if (!VOID.contains(name)) {
        content.forEach(piece -> piece.writeTo(out));
        out.append("</").append(name).append('>');
      }
    }

    private static boolean leadsElsewhere(String address) {
      boolean local = address.startsWith("/") || address.startsWith("#") || address.startsWith("?");
      return !local || address.startsWith("//") || address.startsWith("/\\");
    }
  }

  /** Returns an element. */
  static Tag tag(String name, Html... content) {
    return new Tag(name, Map.of(), List.of(content));
  }

  /** Returns an element around a text. */
  static Tag tag(String name, String text) {
    return new Tag(name, Map.of(), List.of(text(text)));
  }

  /** Returns a text. */
  static Html text(String text) {
    return new Text(text);
  }

  /** Returns a number as text. */
  static Html text(long number) {
    return new Text(Long.toString(number));
  }

  /** Returns pieces as one. */
  static Html all(Html... pieces) {
    return new Pieces(List.of(pieces));
  }

  /** Returns a piece for each item. */
  static <T> Html each(Collection<T> items, Function<? super T, ? extends Html> piece) {
    return new Pieces(items.stream().<Html>map(piece).toList());
  }

  /** Returns a piece for what may be missing. */
  static <T> Html maybe(Optional<T> item, Function<? super T, ? extends Html> piece) {
    return item.<Html>map(piece).orElse(none());
  }

  /** Returns a piece, or nothing. */
  static Html when(boolean condition, Html piece) {
    return condition ? piece : none();
  }

  /** Returns nothing. */
  static Html none() {
    return new Pieces(List.of());
  }

  /** Returns the markup. */
  default String markup() {
    var out = new StringBuilder();
    writeTo(out);
    return out.toString();
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t' -> out.append(c);
        default -> out.append(c < ' ' || c == 0x7f ? '\ufffd' : c);
      }
    }
  }
}
