// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static java.util.Objects.requireNonNull;

import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that pages are made with. Each is found under a name that holds a digest of what is in
 * it, so browsers keep it for good and a new version is a new name.
 */
final class Assets {
  /** The files of the module, read once. */
  static final Assets ALL = new Assets(List.of("belfry.css", "belfry.js", "icon.svg"));

  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private record Asset(String name, String digest, byte[] bytes) {
    String file() {
      return digest + "-" + name;
    }
  }

  private final Map<String, Asset> byName = new LinkedHashMap<>();
  private final Map<String, Asset> byFile = new LinkedHashMap<>();

  private Assets(List<String> names) {
    for (String name : names) {
      byte[] bytes = read(name);
      var asset = new Asset(name, digest(bytes), bytes);
      byName.put(name, asset);
      byFile.put(asset.file(), asset);
    }
  }

  /** Returns where a file is found. */
  Link link(String name) {
    return Link.to("assets", requireNonNull(byName.get(name), name).file());
  }

  /** Returns the size of all files, in bytes. */
  int size() {
    return byName.values().stream().mapToInt(asset -> asset.bytes().length).sum();
  }

  /**
   * Answers a request for a file.
   *
   * @throws Problem 404 if there is none of this name
   */
  Response answer(Request request, String file) {
    Asset asset = byFile.get(file);
    if (asset == null) {
      throw Problem.notFound("file");
    }
    String tag = "\"" + asset.digest() + "\"";
    Response response =
        request.headers().all("if-none-match").contains(tag)
            ? Response.of(304)
            : Response.of(200, type(asset.name()), asset.bytes());
    return response
        .with("etag", tag)
        .with("cache-control", "public, max-age=31536000, immutable")
        .with("x-content-type-options", "nosniff");
  }

  private static String type(String name) {
    return requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), name);
  }

  private static byte[] read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("file \"" + name + "\" is missing in the module");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
