// SPDX-License-Identifier: Apache-2.0
/**
 * What cron expressions mean, said a second time: in the plainest way, for comparison, and without
 * anything of the library but the names of its dialects and policies.
 */
@NullMarked
package dev.belfry.schedule.oracle;

import org.jspecify.annotations.NullMarked;
