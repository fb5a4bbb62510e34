// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.Optional;

/**
 * What is wrong with the text of a cron expression.
 *
 * @param message all of it in one sentence, the text included
 * @param field the field at fault: {@code second}, {@code minute}, {@code hour}, {@code day of
 *     month}, {@code month}, {@code day of week} or {@code year}; empty if it is the text as a
 *     whole
 * @param index where in the whole text the offending token starts; the first character is 0
 * @param token the offending part of the text, as it stands there; empty where something is missing
 * @param allowed what may stand there, such as {@code 0-59}; empty if that is not the problem
 * @param hint what was probably meant, such as {@code write 22-23,0-2}; empty if nobody knows
 */
public record CronError(
    String message,
    Optional<String> field,
    int index,
    String token,
    Optional<String> allowed,
    Optional<String> hint) {}
