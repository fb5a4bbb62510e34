// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Reads an answer of HTTP/1.1 that may be hostile: it keeps at most 64 KiB of headers and as much
 * of the body as it is asked for, and throws a {@link MalformedException} at what is no HTTP.
 */
final class HttpReader {
  private static final int MOST_HEAD = 64 * 1024;
  private static final int MOST_INTERIM = 10;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9]\\d\\d)(?: .*)?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private final InputStream in;
  private final Runnable onFirstByte;

  /** What came is no answer of HTTP/1.1. */
  static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }

  /** The status line and the headers, by name in small letters. */
  record Head(int status, Map<String, List<String>> headers) {
    private String only(String name) {
      List<String> values = headers.getOrDefault(name, List.of());
      return values.isEmpty() ? "" : String.join(", ", values).toLowerCase(Locale.ROOT);
    }
  }

  /** A body, and whether there was more of it. */
  record Body(byte[] bytes, boolean cut) {}

  /**
   * Creates a reader.
   *
   * @param in buffered
   */
  HttpReader(InputStream in, Runnable onFirstByte) {
    this.in = in;
    this.onFirstByte = onFirstByte;
  }

  /** Reads the head of the answer, after those of interim answers. */
  Head head() throws IOException {
    for (int i = 0; i <= MOST_INTERIM; i++) {
      Head head = oneHead();
      if (head.status() >= 200) {
        return head;
      }
      if (head.status() == 101) {
        throw new MalformedException("the answer changes the protocol, which was not asked for");
      }
    }
    throw new MalformedException("more than " + MOST_INTERIM + " interim answers came");
  }

  private Head oneHead() throws IOException {
    var budget = new int[] {MOST_HEAD};
    String first = line(budget);
    Matcher matcher = STATUS.matcher(first);
    if (!matcher.matches()) {
      throw new MalformedException("the answer does not begin with a status of HTTP/1.1");
    }
    Map<String, List<String>> headers = new TreeMap<>();
    for (String line = line(budget); !line.isEmpty(); line = line(budget)) {
      int colon = line.indexOf(':');
      if (colon < 1 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
        throw new MalformedException("the answer has a line that is no header");
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(matcher.group(1)), headers);
  }

  /** Reads a line without its end; what it is long goes off the budget. */
  private String line(int[] budget) throws IOException {
    var line = new StringBuilder();
    for (int next = read(); next != '\n'; next = read()) {
      if (--budget[0] < 0) {
        throw new MalformedException("the answer has more than " + MOST_HEAD + " bytes of headers");
      }
      line.append((char) next);
    }
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    budget[0]--; // an empty name, too, must come to an end
    return line.toString();
  }

  private int read() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection ended within the headers of the answer");
    }
    onFirstByte.run();
    return next;
  }

  /**
   * Reads the body.
   *
   * @param limit how much of it is kept, decoded; reads no further
   */
  Body body(Head head, boolean afterHead, int limit) throws IOException {
    if (afterHead || head.status() == 204 || head.status() == 304) {
      return new Body(new byte[0], false);
    }
    InputStream raw = framed(head);
    String encoding = head.only("content-encoding");
    boolean zipped = encoding.equals("gzip") || encoding.equals("x-gzip");
    byte[] bytes = (zipped ? new GZIPInputStream(raw) : raw).readNBytes(limit + 1);
    boolean cut = bytes.length > limit;
    return new Body(cut ? Arrays.copyOf(bytes, limit) : bytes, cut);
  }

  private InputStream framed(Head head) throws MalformedException {
    String transfer = head.only("transfer-encoding");
    if (transfer.equals("chunked")) {
      return new ChunkedStream();
    }
    if (!transfer.isEmpty()) {
      throw new MalformedException("the answer has a transfer encoding other than chunked");
    }
    String length = head.only("content-length");
    if (length.isEmpty()) {
      return in; // to the end of the connection
    }
    if (!LENGTH.matcher(length).matches()) {
      throw new MalformedException("the answer has a content length that is no number");
    }
    return new FixedStream(Long.parseLong(length));
  }

  /** A body whose length is known before. */
  private class FixedStream extends InputStream {
    private long left;

    FixedStream(long length) {
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(into, offset, (int) Math.min(left, length));
      if (count < 0) {
        throw new EOFException("the connection ended within the body of the answer");
      }
      left -= count;
      return count;
    }

    long left() {
      return left;
    }

    void begin(long length) {
      left = length;
    }
  }

  /** A body in chunks, each with its length before it; trailers are read over. */
  private final class ChunkedStream extends FixedStream {
    private static final Pattern SIZE = Pattern.compile("([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?");
    private boolean begun;
    private boolean ended;

    ChunkedStream() {
      super(0);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (!ended && left() == 0) {
        nextChunk();
      }
      return ended ? -1 : super.read(into, offset, length);
    }

    private void nextChunk() throws IOException {
      var budget = new int[] {MOST_HEAD};
      if (begun && !line(budget).isEmpty()) {
        throw new MalformedException("a chunk of the answer is longer than it says");
      }
      begun = true;
      Matcher size = SIZE.matcher(line(budget));
      if (!size.matches()) {
        throw new MalformedException("a chunk of the answer has no length");
      }
      begin(Long.parseLong(size.group(1), 16));
      if (left() == 0) {
        ended = true;
        String trailer;
        do {
          trailer = line(budget); // within the budget
        } while (!trailer.isEmpty());
      }
    }
  }
}
