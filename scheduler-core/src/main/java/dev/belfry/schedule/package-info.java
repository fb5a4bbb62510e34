// SPDX-License-Identifier: Apache-2.0
/**
 * Says when something is due: cron expressions, intervals and single instants, right around changes
 * of the clock; it needs no engine and reads no clock.
 *
 * <p>{@link dev.belfry.schedule.Schedule} is the entry; {@link dev.belfry.schedule.CronExpression}
 * serves alone too.
 */
@NullMarked
package dev.belfry.schedule;

import org.jspecify.annotations.NullMarked;
