// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.http.Headers;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import dev.belfry.store.JobStore;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has a request that comes twice, with the same {@code Idempotency-Key}, done once: the second one
 * gets the answer of the first. Thread-safe, and over all nodes of a store.
 */
final class IdempotencyKeys {
  /*
   * A key is reserved before the work begins and gets the answer after it. Who finds it reserved is
   * sent away. If the node dies between the two the reservation ends by itself, and the next request
   * does the work, perhaps again: the answer is then not known to anybody. A request that was
   * refused has changed nothing, so it leaves no trace of its key.
   */

  private static final String KIND = "admin-request";
  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration RESERVED = Duration.ofMinutes(5);
  private static final int CHUNK = 60_000; // of characters of base 64, a record's most being 64 KiB

  private final JobStore store;

  IdempotencyKeys(JobStore store) {
    this.store = store;
  }

  /** Returns a route that heeds the header. */
  Route on(Route route) {
    return new Route(
        route.method(),
        route.path(),
        route.needs(),
        call -> {
          Optional<String> key = keyOf(call);
          return key.isEmpty() ? route.action().answer(call) : once(key.get(), call, route);
        });
  }

  private static Optional<String> keyOf(Call call) {
    List<String> fields = call.request().headers().all("idempotency-key");
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    String key = fields.get(0);
    if (fields.size() > 1 || !key.matches("[\\x21-\\x7e]{1,200}")) {
      throw Problem.invalid(
          "Idempotency-Key", "must be one text of 1 to 200 visible characters of ASCII");
    }
    return Optional.of(key);
  }

  private Response once(String key, Call call, Route route) {
    byte[] body = call.body();
    String asked = Etag.hash(body) + Etag.hash(call.request().query().getBytes(UTF_8));
    String id =
        Etag.hash(
            String.join(
                    "\n",
                    call.principal().name(),
                    call.request().method() + " " + call.request().path(),
                    key)
                .getBytes(UTF_8));
    return reserve(id, asked)
        ? carryOut(id, asked, () -> route.action().answer(again(call, body)))
        : answerOf(id, asked);
  }

  /** A body can be read once. */
  private static Call again(Call call, byte[] body) {
    Request request = call.request();
    return new Call(
        new Request(
            request.method(),
            request.base(),
            request.path(),
            request.query(),
            request.headers(),
            new ByteArrayInputStream(body),
            request.remote(),
            request.secure()),
        call.principal(),
        call.parts(),
        call.query());
  }

  private boolean reserve(String id, String asked) {
    var begun = content(new Kept(asked, 0, null, null, 0), store.now().plus(RESERVED));
    return store.records().write(List.of(new RecordWrite.Put(KIND, id, 0, begun))).get(0)
        == Verdict.APPLIED;
  }

  private Response carryOut(String id, String asked, Supplier<Response> work) {
    Response response;
    try {
      response = work.get();
    } catch (StoreException unknown) {
      if (unknown.kind() != StoreException.Kind.UNKNOWN) {
        free(id);
      }
      throw unknown;
    } catch (Throwable refused) {
      free(id);
      throw refused;
    }
    keep(id, asked, response);
    return response;
  }

  private void free(String id) {
    store.records().write(List.of(new RecordWrite.Delete(KIND, id, 1)));
  }

  private void keep(String id, String asked, Response response) {
    String body = Base64.getEncoder().encodeToString(((Response.Bytes) response.body()).bytes());
    Instant until = store.now().plus(KEPT);
    var writes = new ArrayList<RecordWrite>();
    int chunks = 0;
    for (int from = 0; from < body.length(); from += CHUNK, chunks++) {
      String chunk = body.substring(from, Math.min(body.length(), from + CHUNK));
      writes.add(new RecordWrite.Put(KIND, chunkId(id, chunks), 0, content(chunk, until)));
    }
    Headers headers = response.headers();
    Kept kept =
        new Kept(
            asked,
            response.status(),
            headers.one("location").orElse(null),
            headers.one("etag").orElse(null),
            chunks);
    writes.add(new RecordWrite.Put(KIND, id, 1, content(kept, until)));
    store.records().write(writes);
  }

  private Response answerOf(String id, String asked) {
    StoredRecord record = store.records().get(KIND, id).orElseThrow(IdempotencyKeys::underWay);
    JsonNode kept = Json.tree(record.content().json());
    if (!kept.path("asked").asText().equals(asked)) {
      throw Problem.of(
          422,
          "key-used",
          "this Idempotency-Key was used for another body; use a new key for a new request");
    }
    if (kept.path("status").asInt() == 0) {
      throw underWay();
    }
    var body = new StringBuilder();
    for (int chunk = 0; chunk < kept.path("chunks").asInt(); chunk++) {
      StoredRecord part =
          store.records().get(KIND, chunkId(id, chunk)).orElseThrow(IdempotencyKeys::underWay);
      body.append(Json.tree(part.content().json()).textValue());
    }
    Response response =
        Json.written(kept.path("status").asInt(), Base64.getDecoder().decode(body.toString()));
    for (String name : List.of("location", "etag")) {
      if (kept.has(name)) {
        response = response.with(name, kept.get(name).textValue());
      }
    }
    return response.with("idempotent-replayed", "true");
  }

  private static Problem underWay() {
    return Problem.of(
        409, "key-in-use", "a request with this Idempotency-Key is under way; ask again later");
  }

  private static String chunkId(String id, int chunk) {
    return id + "." + chunk;
  }

  private static RecordContent content(Object view, Instant until) {
    return RecordContent.of(new String(Json.bytes(view), UTF_8)).until(until);
  }

  /**
   * What a record says.
   *
   * @param status 0 while the work goes on
   */
  private record Kept(
      String asked, int status, @Nullable String location, @Nullable String etag, int chunks) {}
}
