// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Takes pictures of pages: folder, then pairs of name and address, of a server that runs. */
final class Pictures {
  private Pictures() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    List<String> shots = List.of(args).subList(1, args.length);
    try (Chromium browser = Chromium.start(Chromium.installed().orElseThrow())) {
      for (String shot : shots) {
        String[] parts = shot.split(",", 4); // name,width,theme,address
        int width = Integer.parseInt(parts[1]);
        browser.show(width, width < 500 ? 844 : 800, parts[2]);
        browser.open(parts[3]);
        Files.write(folder.resolve(parts[0] + ".png"), browser.picture(true));
      }
    }
  }
}
