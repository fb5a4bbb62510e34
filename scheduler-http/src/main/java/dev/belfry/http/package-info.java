// SPDX-License-Identifier: Apache-2.0

/** Parts shared by webhooks and the management API: server, authentication, problem details. */
@NullMarked
package dev.belfry.http;

import org.jspecify.annotations.NullMarked;
