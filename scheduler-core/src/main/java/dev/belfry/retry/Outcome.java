// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

/** What the kind of a failure asks for, before attempts and time are counted. */
enum Outcome {
  RETRY,
  FAIL,
  DISCARD,
  SNOOZE,
  PAUSE_JOB
}
