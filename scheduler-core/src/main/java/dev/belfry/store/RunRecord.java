// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Run;
import java.util.Optional;

/**
 * A run with what only programs understand.
 *
 * @param run the run
 * @param fence its present fence
 * @param input what its handler gets
 * @param result what its handler returned, once it has completed
 */
public record RunRecord(Run run, long fence, Payload input, Optional<Payload> result) {}
