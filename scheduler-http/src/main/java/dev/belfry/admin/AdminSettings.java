// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import dev.belfry.PluginContext;
import dev.belfry.http.AccessToken;
import dev.belfry.http.Authenticator;
import dev.belfry.http.routing.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What an {@link Admin} is told. Changed only before it belongs to one. */
final class AdminSettings {
  /** Where requests come from. */
  enum Place {
    /** A server of ours, for this machine and whoever sees its log. */
    LOCAL,
    /** A server of ours. */
    SERVER,
    /** The application's server. */
    EMBEDDED
  }

  final Place place;
  final int port;
  Optional<InetAddress> address = Optional.empty();
  String base = "";
  boolean readOnly;
  boolean dashboard;
  Optional<Authenticator> authenticator = Optional.empty();
  List<AccessToken> tokens = new ArrayList<>();
  Set<String> hosts = new TreeSet<>();
  List<String> from = new ArrayList<>();
  List<String> proxies = new ArrayList<>();
  Set<String> critical = new TreeSet<>();
  Map<String, HookSecret> hooks = new LinkedHashMap<>();

  /** For tests: what stands behind the guard instead of the API and the dashboard. */
  Optional<Function<PluginContext, List<Route>>> routes = Optional.empty();

  AdminSettings(Place place, int port) {
    this.place = place;
    this.port = port;
  }

  AdminSettings copy() {
    var copy = new AdminSettings(place, port);
    copy.address = address;
    copy.base = base;
    copy.readOnly = readOnly;
    copy.dashboard = dashboard;
    copy.authenticator = authenticator;
    copy.tokens = new ArrayList<>(tokens);
    copy.hosts = new TreeSet<>(hosts);
    copy.from = new ArrayList<>(from);
    copy.proxies = new ArrayList<>(proxies);
    copy.critical = new TreeSet<>(critical);
    copy.hooks = new LinkedHashMap<>(hooks);
    copy.routes = routes;
    return copy;
  }

  InetAddress listening() {
    return address.orElse(InetAddress.getLoopbackAddress());
  }
}
