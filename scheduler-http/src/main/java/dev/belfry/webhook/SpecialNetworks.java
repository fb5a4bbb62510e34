// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/*
 * After the special-purpose registries of IANA for IPv4 and IPv6. The predicates of InetAddress know
 * half of them. Of IPv6 only 2000::/3 is given out to the public, so all else is out without being
 * listed: loopback, link-local, unique local, multicast, and the forms that carry an IPv4 address
 * (mapped, compatible, NAT64). What carries one inside 2000::/3 (6to4, Teredo) is listed.
 */
/** What names, ports and addresses are not of the public Internet. */
final class SpecialNetworks {
  private static final List<Network> IPV4 =
      networks(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // shared, carrier-grade NAT
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link-local
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocol assignments
          "192.0.2.0/24", // documentation
          "192.31.196.0/24", // AS112
          "192.52.193.0/24", // multicast tunnels
          "192.88.99.0/24", // 6to4 relays, deprecated
          "192.168.0.0/16", // private
          "192.175.48.0/24", // AS112
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, and broadcast

  private static final Network PUBLIC_IPV6 = Network.of("2000::/3");
  private static final List<Network> IPV6 =
      networks(
          "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4
          "2620:4f:8000::/48", // AS112
          "3fff::/20"); // documentation

  private static final List<Network> METADATA =
      networks(
          "169.254.169.254/32", // AWS, Azure, Google, DigitalOcean, Oracle, OpenStack
          "169.254.169.253/32", // the name server beside it on AWS
          "169.254.170.2/32", // tasks of ECS
          "169.254.170.23/32", // pods of EKS
          "169.254.42.42/32", // Scaleway
          "169.254.0.23/32", // Tencent
          "100.100.100.200/32", // Alibaba
          "192.0.0.192/32", // Oracle
          "168.63.129.16/32", // Azure's wire server, a public address
          "fd00:ec2::254/128", // AWS
          "fd00:ec2::253/128",
          "fd00:ec2::23/128",
          "fd00:42::42/128", // Scaleway
          "fd20:ce::254/128"); // Google

  /** Of private networks, or reserved. A name ends with one of them after a dot. */
  private static final List<String> SUFFIXES =
      List.of(
          "local",
          "localhost",
          "localdomain",
          "internal",
          "intranet",
          "lan",
          "home",
          "corp",
          "private",
          "home.arpa",
          "onion",
          "invalid",
          "test",
          "alt");

  /** Services other than HTTP that understand, or are upset by, the lines of a request. */
  private static final Set<Integer> PORTS =
      Set.of(
          1080, 1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 4369, 5037, 5060,
          5432, 5671, 5672, 5900, 5985, 5986, 6000, 6379, 6380, 6443, 6665, 6666, 6667, 6668, 6669,
          6697, 7000, 7001, 8500, 8600, 9042, 9092, 9200, 9300, 10250, 10255, 11211, 15672, 25672,
          26379, 27017, 27018, 28015, 50000, 61616);

  private SpecialNetworks() {}

  static boolean isPublic(InetAddress address) {
    boolean ipv4 = address.getAddress().length == 4;
    return ipv4
        ? IPV4.stream().noneMatch(network -> network.contains(address))
        : PUBLIC_IPV6.contains(address)
            && IPV6.stream().noneMatch(network -> network.contains(address));
  }

  static boolean isMetadata(InetAddress address) {
    return METADATA.stream().anyMatch(network -> network.contains(address));
  }

  static boolean isPublic(String name) {
    return name.indexOf('.') > 0
        && SUFFIXES.stream().noneMatch(suffix -> name.endsWith("." + suffix));
  }

  static boolean isPublic(int port) {
    return port == 80 || port == 443 || (port >= 1024 && port <= 65_535 && !PORTS.contains(port));
  }

  private static List<Network> networks(String... texts) {
    return Arrays.stream(texts).map(Network::of).toList();
  }
}
