// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

/**
 * A mail to send.
 *
 * @param to the address of the one who gets it
 * @param subject the line above it
 * @param html its text
 */
record Email(String to, String subject, String html) {}
