// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/**
 * How the ledger is written. Both formats have the same fields in the same order: {@code run},
 * {@code fence}, {@code job}, {@code key}, {@code schedule}, {@code nominal}, {@code trigger},
 * {@code actor}, {@code origin}, {@code attempt}, {@code event}, {@code node}, {@code started_at},
 * {@code ended_at}, {@code ran}, {@code detail}, {@code failure_type}, {@code failure_message},
 * {@code succeeded}, {@code failed}.
 *
 * <p>A line ends with a line feed, and holds no other. Instants are in UTC with six digits of the
 * second, durations as ISO 8601 writes them, ids and numbers as usual. Unpaired surrogates, which
 * UTF-8 can't hold, become U+FFFD. Write with UTF-8.
 */
public enum LedgerFormat {
  /**
   * Fields with a tab between them; the first line has their names. As in PostgreSQL's {@code
   * COPY}: {@code \N} is a field that has no value, and in texts stand {@code \\}, {@code \t},
   * {@code \n}, {@code \r}, {@code \b}, {@code \f}, {@code \v} for backslash and those characters,
   * and {@code \x} with two hexadecimal digits for other control characters of ASCII.
   */
  TSV,
  /** One JSON object (RFC 8259) a line; a field that has no value is null. */
  JSON_LINES
}
