// SPDX-License-Identifier: Apache-2.0

/**
 * Requests and answers, whatever server takes them, and who may ask: what the management API is
 * carried by and an application's own server is joined to.
 */
@NullMarked
package dev.belfry.http;

import org.jspecify.annotations.NullMarked;
