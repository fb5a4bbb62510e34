// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.routing.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of which at most 1 MiB can be read, whatever server it comes from. */
final class BoundedBody extends FilterInputStream {
  private static final int MOST = 1024 * 1024;

  private long read;

  BoundedBody(InputStream body) {
    super(body);
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int got = super.read(bytes, from, length);
    count(Math.max(0, got));
    return got;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(count);
    count(skipped);
    return skipped;
  }

  private void count(long more) {
    read += more;
    if (read > MOST) {
      throw Problem.of(413, "too-large", "the body may have " + MOST + " bytes, has more");
    }
  }
}
