// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.Alert;
import dev.belfry.Alerts;
import java.util.List;

/**
 * What alert rules have found.
 *
 * @param open the alerts that are not over
 * @param silences what is kept quiet
 */
public record AlertEntries(List<Alert> open, List<Alerts.Silence> silences) {
  /** Copies the lists. */
  public AlertEntries {
    open = List.copyOf(open);
    silences = List.copyOf(silences);
  }
}
