// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A browser without a window, spoken to by the DevTools protocol. For one thread. */
final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE = 30;

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final Listener listener;
  private final AtomicInteger ids = new AtomicInteger();
  private String session = "";

  private Chromium(Process process, Path profile, WebSocket socket, Listener listener) {
    this.process = process;
    this.profile = profile;
    this.socket = socket;
    this.listener = listener;
  }

  /** Returns where the browser is, if it is installed. */
  static Optional<Path> installed() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(
            name ->
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Chromium start(Path program) {
    try {
      Path profile = Files.createTempDirectory("belfry-browser");
      Process process =
          new ProcessBuilder(
                  program.toString(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--hide-scrollbars",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectErrorStream(true)
              .start();
      var listener = new Listener();
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create(address(process)), listener)
              .get(PATIENCE, TimeUnit.SECONDS);
      var browser = new Chromium(process, profile, socket, listener);
      browser.openPage();
      return browser;
    } catch (Exception e) {
      throw new IllegalStateException("the browser did not start", e);
    }
  }

  private static String address(Process process) throws IOException {
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("DevTools listening on ")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("the browser ended without saying where it listens");
    }
    var drain = new Thread(() -> out.lines().forEach(each -> {}), "browser-output");
    drain.setDaemon(true);
    drain.start();
    return line.substring("DevTools listening on ".length()).strip();
  }

  private void openPage() {
    String target =
        call("Target.createTarget", Map.of("url", "about:blank")).get("targetId").asText();
    session =
        call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** Sets size and theme of what is opened from now on. */
  void show(int width, int height, String theme) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
  }

  void allowScripts(boolean allowed) {
    call("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
  }

  /** Opens a page and waits until it is loaded. */
  void open(String url) {
    listener.events.clear();
    call("Page.navigate", Map.of("url", url));
    await("Page.loadEventFired");
  }

  private final List<JsonNode> seen = new ArrayList<>();

  private void await(String method) {
    seen.clear();
    try {
      JsonNode event;
      do {
        event = listener.events.poll(PATIENCE, TimeUnit.SECONDS);
        if (event == null) {
          throw new IllegalStateException("no " + method + " within " + PATIENCE + " s");
        }
        seen.add(event);
      } while (!event.get("method").asText().equals(method));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns what was wrong since the page was opened: errors, violations, calls elsewhere. */
  List<String> complaints(String origin) {
    evaluate("1"); // what was said before is here now
    listener.events.drainTo(seen);
    var complaints = new ArrayList<String>();
    for (JsonNode event : seen) {
      String method = event.get("method").asText();
      JsonNode params = event.get("params");
      if (method.equals("Runtime.exceptionThrown")
          || (method.equals("Runtime.consoleAPICalled")
              && params.get("type").asText().matches("error|warning|assert"))) {
        complaints.add(method + " " + params);
      } else if (method.equals("Log.entryAdded")
          && params.get("entry").get("level").asText().equals("error")) {
        complaints.add(params.get("entry").get("text").asText());
      } else if (method.equals("Network.requestWillBeSent")) {
        String url = params.get("request").get("url").asText();
        if (!url.startsWith(origin) && !url.startsWith("data:")) {
          complaints.add("request to " + url);
        }
      }
    }
    return complaints;
  }

  /** Returns what an expression or a promise comes to. */
  JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.get("exceptionDetails").toString());
    }
    return answer.get("result").path("value");
  }

  void press(String key, String code, int number) {
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", code, "windowsVirtualKeyCode", number));
    }
  }

  /** Returns a picture of the page as PNG; the whole of it, or what fits the window. */
  byte[] picture(boolean whole) {
    JsonNode picture =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
    return Base64.getDecoder().decode(picture.get("data").asText());
  }

  private JsonNode call(String method, Map<String, ?> params) {
    int id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    listener.answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(params));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    try {
      socket.sendText(message.toString(), true).get(PATIENCE, TimeUnit.SECONDS);
      JsonNode result = answer.get(PATIENCE, TimeUnit.SECONDS);
      if (result.has("error")) {
        throw new IllegalStateException(method + ": " + result.get("error"));
      }
      return result.get("result");
    } catch (Exception e) {
      throw new IllegalStateException(method + " failed", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE, TimeUnit.SECONDS);
      try (Stream<Path> files = Files.walk(profile)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Listener implements WebSocket.Listener {
    final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void take(String message) {
      try {
        JsonNode node = JSON.readTree(message);
        if (node.has("id")) {
          Optional.ofNullable(answers.remove(node.get("id").asInt()))
              .ifPresent(answer -> answer.complete(node));
        } else {
          events.add(node);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
