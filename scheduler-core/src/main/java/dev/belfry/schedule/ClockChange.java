// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.Instant;
import java.time.ZoneId;

/**
 * A change of a zone's clock, as when daylight saving time starts, that touches a schedule.
 *
 * @param at when the clock is changed
 * @param zone whose clock it is
 * @param effect what becomes of the first tick that it touches, such as {@code 02:30 is left out on
 *     2026-03-29 in Europe/Berlin; it runs at 03:00}
 */
public record ClockChange(Instant at, ZoneId zone, String effect) {}
