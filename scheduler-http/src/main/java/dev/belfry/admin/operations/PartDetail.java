// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.Part;
import java.util.Optional;

/**
 * What there is to see of a part of a run, without secrets.
 *
 * @param part the part; the text of its value or event is that of {@code value}, empty if there is
 *     none
 * @param value what it returned, or the data of the event that ended it
 */
public record PartDetail(Part part, Optional<Shown> value) {}
