// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import java.util.Optional;

/**
 * Data of the application, as far as people may see them.
 *
 * @param json the data as JSON text without secrets; empty if they are not JSON
 * @param codec the id of the codec that wrote them
 * @param bytes their size, as it is stored or, of a part of a run, as it is kept for people
 * @param cut whether the end of them is missing in the text
 */
public record Shown(Optional<String> json, String codec, long bytes, boolean cut) {}
