// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names by which a server may be asked. A page elsewhere can have its own name point here (DNS
 * rebinding), and then reads what comes as its own; but it can't have the browser say another name,
 * and a browser that says an address was given an address. Immutable.
 */
public final class HostNames {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::(\\d{1,5}))?");
  private static final Pattern ADDRESS = Pattern.compile("\\[.*]|\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]*[a-z0-9])?");

  private final Set<String> names;
  private final boolean any;

  private HostNames(Set<String> names, boolean any) {
    this.names = names;
    this.any = any;
  }

  /**
   * Returns names; addresses and {@code localhost} are always among them.
   *
   * @throws IllegalArgumentException if one is no host name, without a port
   */
  public static HostNames of(Set<String> names) {
    names.forEach(HostNames::check);
    return new HostNames(
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()),
        false);
  }

  /** Returns all names, for an application's own server, which knows its names. */
  public static HostNames any() {
    return new HostNames(Set.of(), true);
  }

  private static void check(String name) {
    if (!NAME.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
      throw new IllegalArgumentException(
          "bad host name \"" + name + "\": it must be like jobs.example.com, without a port");
    }
  }

  /** Returns whether a request asks by one of them. */
  boolean allow(Request request) {
    return any
        || request.headers().one("host").flatMap(HostNames::host).filter(this::has).isPresent();
  }

  private boolean has(String host) {
    return host.equals("localhost") || ADDRESS.matcher(host).matches() || names.contains(host);
  }

  /**
   * Returns whether an authority, as in an origin, is that of the request, or one of the names that
   * were given: a proxy may say its own name to us.
   */
  boolean isOurs(String authority, Request request) {
    Optional<String> other = normal(authority);
    return other.isPresent()
        && (other.equals(request.headers().one("host").flatMap(HostNames::normal))
            || names.contains(host(authority).orElseThrow()));
  }

  private static Optional<String> host(String authority) {
    Matcher matcher = FORM.matcher(authority.toLowerCase(Locale.ROOT));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Without the port where it goes without saying. */
  private static Optional<String> normal(String authority) {
    Matcher matcher = FORM.matcher(authority.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String port = matcher.group(2);
    boolean said = port != null && !port.equals("80") && !port.equals("443");
    return Optional.of(said ? matcher.group(1) + ":" + port : matcher.group(1));
  }
}
