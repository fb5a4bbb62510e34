// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which URLs a server may call on behalf of those who enter them. Without it, whoever may
 * enter a URL can have this server speak to its own network. A value; serves alone; thread-safe.
 *
 * <p>{@link #check} is for the moment when a URL is saved: it asks no name server. {@link #resolve}
 * is for the moment of the call: connect to an address that it returned, and to nothing that is
 * looked up again, since a name may have another address by then. Webhooks, HTTP jobs and alert
 * sinks do both by themselves.
 *
 * <p>By default a destination is https, of the public Internet, at a port of HTTP; see {@link
 * DestinationRule}.
 */
public final class DestinationGuard {
  private static final int MOST_CHARACTERS = 2_000;

  private static final DestinationGuard STANDARD =
      new DestinationGuard(false, List.of(), Set.of(), Set.of(), Dialler.SYSTEM);

  private final boolean plainHttp;
  private final List<Network> networks;
  private final Set<String> hosts;
  private final Set<Integer> ports;
  private final Dialler dialler;

  private DestinationGuard(
      boolean plainHttp,
      List<Network> networks,
      Set<String> hosts,
      Set<Integer> ports,
      Dialler dialler) {
    this.plainHttp = plainHttp;
    this.networks = networks;
    this.hosts = hosts;
    this.ports = ports;
    this.dialler = dialler;
  }

  /** Returns the guard that allows the public Internet by https. */
  public static DestinationGuard standard() {
    return STANDARD;
  }

  /** Returns this guard with plain http allowed, too. */
  public DestinationGuard withPlainHttp() {
    return new DestinationGuard(true, networks, hosts, ports, dialler);
  }

  /**
   * Returns this guard with a network allowed that it would refuse. Addresses of metadata services
   * stay refused.
   *
   * @param network like {@code 10.1.0.0/16} or {@code fd12:3456::/32}
   */
  public DestinationGuard withNetwork(String network) {
    List<Network> more = Stream.concat(networks.stream(), Stream.of(Network.of(network))).toList();
    return new DestinationGuard(plainHttp, more, hosts, ports, dialler);
  }

  /**
   * Returns this guard with a host name allowed, whatever its addresses are but those of metadata
   * services. Who answers for the name decides then where calls go.
   *
   * @param name like {@code billing.internal}
   */
  public DestinationGuard withHost(String name) {
    String host = canonical(requireNonNull(name, "name"));
    if (!HostText.isName(host)) {
      throw new IllegalArgumentException(
          "bad host \"" + name + "\": it must be a name; allow addresses by withNetwork");
    }
    return new DestinationGuard(plainHttp, networks, with(hosts, host), ports, dialler);
  }

  /**
   * Returns this guard with a port allowed that it would refuse.
   *
   * @param port 1 to 65535
   */
  public DestinationGuard withPort(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("a port must be 1 to 65535, was " + port);
    }
    return new DestinationGuard(plainHttp, networks, hosts, with(ports, port), dialler);
  }

  DestinationGuard withDialler(Dialler other) {
    return new DestinationGuard(plainHttp, networks, hosts, ports, other);
  }

  Dialler dialler() {
    return dialler;
  }

  /**
   * Returns if a URL keeps the rules as far as can be told without a name server.
   *
   * @throws DestinationRefusedException if it breaks one
   */
  public void check(URI url) {
    literalOf(url);
  }

  /**
   * Returns the addresses of a URL's host, at least one, after all of them were checked.
   *
   * @throws DestinationRefusedException if the URL or one of the addresses breaks a rule
   * @throws UnknownHostException if the name has no address
   */
  public List<InetAddress> resolve(URI url) throws UnknownHostException {
    Optional<InetAddress> literal = literalOf(url);
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    String name = hostOf(url);
    List<InetAddress> addresses = dialler.resolve(name);
    if (addresses.isEmpty()) {
      throw new UnknownHostException(name);
    }
    addresses.forEach(address -> checkAddress(address, hosts.contains(name)));
    return addresses;
  }

  /** Returns the port that a URL leads to. */
  static int portOf(URI url) {
    int usual = "http".equalsIgnoreCase(url.getScheme()) ? 80 : 443;
    return url.getPort() < 0 ? usual : url.getPort();
  }

  /** Returns the host of a URL that was checked, without brackets or a dot at its end. */
  static String hostOf(URI url) {
    String host = canonical(url.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Checks a URL and returns its address if that is what it names. */
  private Optional<InetAddress> literalOf(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    require(scheme.equals("https") || (plainHttp && scheme.equals("http")), DestinationRule.SCHEME);
    require(
        url.getRawAuthority() != null
            && url.getRawUserInfo() == null
            && url.getRawAuthority().indexOf('@') < 0
            && url.getRawFragment() == null
            && url.toString().length() <= MOST_CHARACTERS
            && url.toString().chars().allMatch(c -> c > ' ' && c < 0x7f),
        DestinationRule.FORM);
    require(url.getHost() != null && !url.getRawAuthority().endsWith(":"), DestinationRule.HOST);
    int port = portOf(url);
    require(SpecialNetworks.isPublic(port) || ports.contains(port), DestinationRule.PORT);
    String host = hostOf(url);
    Optional<InetAddress> address =
        url.getHost().endsWith(".") ? Optional.empty() : HostText.address(host);
    if (address.isPresent()) {
      checkAddress(address.get(), false);
    } else if (url.getHost().startsWith("[")) {
      throw new DestinationRefusedException(DestinationRule.ADDRESS); // wraps an IPv4 address
    } else {
      require(HostText.isName(host), DestinationRule.HOST);
      require(SpecialNetworks.isPublic(host) || hosts.contains(host), DestinationRule.NAME);
    }
    return address;
  }

  private void checkAddress(InetAddress address, boolean byName) {
    require(!SpecialNetworks.isMetadata(address), DestinationRule.METADATA);
    require(
        byName
            || SpecialNetworks.isPublic(address)
            || networks.stream().anyMatch(network -> network.contains(address)),
        DestinationRule.ADDRESS);
  }

  private static void require(boolean kept, DestinationRule rule) {
    if (!kept) {
      throw new DestinationRefusedException(rule);
    }
  }

  private static String canonical(String host) {
    String small = host.toLowerCase(Locale.ROOT);
    return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
  }

  private static <T> Set<T> with(Set<T> some, T more) {
    var all = new HashSet<>(some);
    all.add(more);
    return Set.copyOf(all);
  }
}
