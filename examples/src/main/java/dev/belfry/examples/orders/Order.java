// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.orders;

/** An order of a customer. */
public record Order(String id, long cents) {}
