// SPDX-License-Identifier: Apache-2.0

/** The management API: routes, what they take and answer as JSON, and their OpenAPI document. */
@NullMarked
package dev.belfry.admin.api;

import org.jspecify.annotations.NullMarked;
