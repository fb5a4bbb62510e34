// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.admin.operations.Shown;
import org.jspecify.annotations.Nullable;

/**
 * Data of the application, without what looks secret.
 *
 * @param json the data; missing if they are not JSON
 * @param codec what wrote them
 * @param bytes their size as it is stored
 * @param cut whether their end is missing
 */
record DataView(@Nullable JsonNode json, String codec, long bytes, boolean cut) {
  static DataView of(Shown shown) {
    return new DataView(
        shown.json().map(Json::tree).orElse(null), shown.codec(), shown.bytes(), shown.cut());
  }
}
