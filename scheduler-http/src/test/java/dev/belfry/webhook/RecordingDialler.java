// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Answers names as it is told, writes down whom somebody wants to connect to, and refuses that. */
final class RecordingDialler implements Dialler {
  private final Function<String, List<InetAddress>> answers;
  final List<String> asked = new ArrayList<>();
  final List<InetSocketAddress> dialled = new ArrayList<>();

  RecordingDialler(Function<String, List<InetAddress>> answers) {
    this.answers = answers;
  }

  @Override
  public List<InetAddress> resolve(String name) throws UnknownHostException {
    asked.add(name);
    return answers.apply(name);
  }

  @Override
  public void connect(Socket socket, InetSocketAddress address, int timeoutMillis)
      throws IOException {
    dialled.add(address);
    throw new ConnectException("recorded only");
  }
}
