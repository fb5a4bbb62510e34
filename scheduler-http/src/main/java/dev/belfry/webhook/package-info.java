// SPDX-License-Identifier: Apache-2.0

/** Signed webhooks and jobs that are HTTP calls. */
@NullMarked
package dev.belfry.webhook;

import org.jspecify.annotations.NullMarked;
