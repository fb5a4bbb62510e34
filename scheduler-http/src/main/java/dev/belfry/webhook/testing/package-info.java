// SPDX-License-Identifier: Apache-2.0

/** A receiver of webhooks for tests of those who send them. */
@NullMarked
package dev.belfry.webhook.testing;

import org.jspecify.annotations.NullMarked;
