// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The schedules that are to fire.
 *
 * @param now the store's clock
 * @param due those whose tick has come, earliest first, then by id
 * @param next the earliest tick that has not come yet
 */
public record DueTicks(Instant now, List<ScheduleRow> due, Optional<Instant> next) {}
