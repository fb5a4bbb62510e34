// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.server;

import java.io.IOException;
import java.io.OutputStream;

/** A body on its way out: its slot knows when a write waits for the client. Closing flushes. */
final class WatchedStream extends OutputStream {
  private final OutputStream out;
  private final Slot slot;

  WatchedStream(OutputStream out, Slot slot) {
    this.out = out;
    this.slot = slot;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    slot.enter(Slot.Phase.WRITING);
    out.write(bytes, from, length);
    slot.enter(Slot.Phase.HANDLING);
  }

  @Override
  public void flush() throws IOException {
    slot.enter(Slot.Phase.WRITING);
    out.flush();
    slot.enter(Slot.Phase.HANDLING);
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
