// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import dev.belfry.http.Response;
import dev.belfry.http.routing.Router;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows every link from page to page. */
final class Crawl {
  private static final Pattern LINK = Pattern.compile(" href=\"([^\"#][^\"]*)\"");
  private static final int MOST = 400;

  private Crawl() {}

  /** Returns each page that can be reached from the first, by its address without the base. */
  static Map<String, Response> all(Router router, String base) {
    var found = new LinkedHashMap<String, Response>();
    Deque<String> open = new ArrayDeque<>();
    open.add("/");
    while (!open.isEmpty() && found.size() < MOST) {
      String address = open.remove();
      if (found.containsKey(address)) {
        continue;
      }
      Response response = World.get(router, base, address);
      found.put(address, response);
      if (isPage(response)) {
        Matcher link = LINK.matcher(World.text(response));
        while (link.find()) {
          String to = link.group(1).replace("&amp;", "&");
          if (!to.startsWith(base + "/")) {
            throw new AssertionError("the link " + to + " on " + address + " leaves " + base);
          }
          open.add(to.substring(base.length()));
        }
      }
    }
    return found;
  }

  static boolean isPage(Response response) {
    return response.headers().one("content-type").orElse("").startsWith("text/html");
  }
}
