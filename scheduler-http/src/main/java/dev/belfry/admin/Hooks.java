// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.JobView;
import dev.belfry.PluginContext;
import dev.belfry.RunHandle;
import dev.belfry.http.AccessToken;
import dev.belfry.http.Headers;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import dev.belfry.http.security.ConfiguredToken;
import dev.belfry.http.security.Guard;
import dev.belfry.run.Unique;
import dev.belfry.store.CodecException;
import dev.belfry.webhook.WebhookVerificationException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts runs for whoever has the secret of a hook. Thread-safe. Who has it not learns nothing, not
 * even which hooks there are.
 */
final class Hooks {
  private static final Duration DAY = Duration.ofDays(1);
  private static final int LONGEST_KEY = 190;
  private static final String NOTHING = "java.lang.Void";

  private final Map<String, Hook> hooks = new LinkedHashMap<>();
  private final PluginContext context;
  private final Guard guard;

  /** Decides whether a caller may. */
  private interface Check {
    boolean passes(Request request, byte[] body);
  }

  private record Hook(JobView job, Check check) {}

  Hooks(Map<String, HookSecret> secrets, PluginContext context, Guard guard) {
    this.context = context;
    this.guard = guard;
    for (JobView job : context.jobs()) {
      HookSecret secret = secrets.get(job.name());
      if (secret != null) {
        hooks.put(job.name(), new Hook(job, check(job.name(), secret)));
      }
    }
  }

  private Check check(String job, HookSecret secret) {
    if (secret instanceof HookSecret.Bearer bearer) {
      ConfiguredToken token = token(job, bearer.text());
      return (request, body) -> Guard.bearer(request).filter(token::matches).isPresent();
    }
    var signature = (HookSecret.Signature) secret;
    return (request, body) -> {
      try {
        signature.verifier().verify(request.headers().asMap(), body);
        return true;
      } catch (WebhookVerificationException refused) {
        return false;
      }
    };
  }

  private ConfiguredToken token(String job, Supplier<String> text) {
    try {
      return new ConfiguredToken(
          AccessToken.of("hook", text, Scope.OPERATE), context.host()::nanoTime);
    } catch (IllegalArgumentException weak) {
      throw new IllegalStateException("hook of job \"" + job + "\": " + weak.getMessage(), weak);
    }
  }

  List<Route> routes() {
    return List.of(Route.post("/hooks/{job}", Scope.READ, this::call));
  }

  private Response call(Call call) {
    byte[] body = call.body();
    Hook hook = hooks.get(call.part("job"));
    if (hook == null || !hook.check().passes(call.request(), body)) {
      throw guard.wrong(call.request());
    }
    guard.checkReadOnly(call.request());
    RunHandle run = enqueue(hook.job().job(), hook.job().input(), body, options(call.request()));
    return Response.of(
        202,
        "application/json",
        JsonNodeFactory.instance.objectNode().put("run", run.id().toString()).toString());
  }

  private static EnqueueOptions options(Request request) {
    Headers headers = request.headers();
    Optional<String> key = headers.one("idempotency-key").or(() -> headers.one("webhook-id"));
    EnqueueOptions options = EnqueueOptions.now().withActor("hook");
    if (key.isEmpty()) {
      return options;
    }
    if (key.get().isEmpty() || key.get().length() > LONGEST_KEY) {
      throw Problem.of(
          422, "invalid", "Idempotency-Key may have 1 to " + LONGEST_KEY + " characters");
    }
    return options.withUnique(Unique.within(DAY, "hook:" + key.get()));
  }

  private <I extends @Nullable Object> RunHandle enqueue(
      Job<I> job, String type, byte[] body, EnqueueOptions options) {
    try {
      String json = type.equals(NOTHING) || body.length == 0 ? "null" : new String(body, UTF_8);
      return context.client().enqueue(job, context.input(job, json), options);
    } catch (CodecException wrong) {
      throw Problem.of(422, "invalid", String.valueOf(wrong.getMessage()));
    }
  }
}
