// SPDX-License-Identifier: Apache-2.0
/** What webhooks cost, and what endpoints that hang cost the others. */
@NullMarked
package dev.belfry.benchmarks.webhooks;

import org.jspecify.annotations.NullMarked;
