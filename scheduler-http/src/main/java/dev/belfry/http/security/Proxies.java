// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.Request;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes a trusted proxy's word on who is behind it. Read from the right: what a client wrote itself
 * stands further left than what the nearest proxy added.
 */
final class Proxies {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");

  private final Networks trusted;

  Proxies(Networks trusted) {
    this.trusted = trusted;
  }

  /** Returns a request as the first proxy that is trusted saw it. */
  Request seen(Request request) {
    if (trusted.isEmpty() || !trusted.contains(request.remote())) {
      return request;
    }
    boolean secure =
        request.headers().one("x-forwarded-proto").filter("https"::equalsIgnoreCase).isPresent();
    return new Request(
        request.method(),
        request.base(),
        request.path(),
        request.query(),
        request.headers(),
        request.body(),
        client(request),
        request.secure() || secure);
  }

  private InetAddress client(Request request) {
    List<String> hops =
        request.headers().all("x-forwarded-for").stream()
            .flatMap(value -> Stream.of(value.split(",", -1)))
            .map(String::strip)
            .toList();
    InetAddress client = request.remote();
    for (int i = hops.size() - 1; i >= 0 && trusted.contains(client); i--) {
      if (!ADDRESS.matcher(hops.get(i)).matches()) {
        return client;
      }
      try {
        client = InetAddress.getByName(hops.get(i)); // its form is that of no name
      } catch (UnknownHostException malformed) {
        return client;
      }
    }
    return client;
  }
}
