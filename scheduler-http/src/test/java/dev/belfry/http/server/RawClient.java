// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A socket that says what no good client says. */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT = 20_000;

  private final Socket socket = new Socket();

  RawClient(InetSocketAddress server) throws IOException {
    socket.setSoTimeout(TIMEOUT);
    socket.connect(server, TIMEOUT);
  }

  RawClient say(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads until the server closes the connection. */
  String readAll() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(bytes);
    } catch (SocketException reset) {
      bytes.write("(reset)".getBytes(ISO_8859_1));
    }
    return bytes.toString(ISO_8859_1);
  }

  /** Reads until a text has come; what came if the connection is closed before. */
  String readTo(String end) throws IOException {
    var text = new StringBuilder();
    for (int c = socket.getInputStream().read();
        c >= 0 && text.indexOf(end) < 0;
        c = socket.getInputStream().read()) {
      text.append((char) c);
      if (text.indexOf(end) >= 0) {
        break;
      }
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
